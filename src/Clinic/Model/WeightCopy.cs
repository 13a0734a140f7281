using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>Copies of models' weights.</summary>
internal static class WeightCopy
{
    /// <summary>A model of its own with the same weights, on the CPU.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">Draws what is overwritten at once.</param>
    public static Transformer Of(Transformer model, long seed)
    {
        var copy = new Transformer(model.Options, model.Vocabulary, model.Padding, seed);
        Into(copy, model);
        return copy;
    }

    /// <summary>Gives a model the weights of another of its shape.</summary>
    public static void Into(Transformer model, Transformer source)
    {
        using var noGradient = no_grad();
        foreach (var ((_, from), (_, to)) in source.named_parameters().Zip(model.named_parameters()))
        {
            to.copy_(from);
        }
    }
}
