using TorchSharp;
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

    /// <summary>
    /// A model of other options, on the same device, with all parameters that both have. Where only the source has
    /// <see cref="ModelOptions.FixNorm"/>, its word vectors come with the length 1 that they are used with.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options of the copy.</param>
    /// <param name="type">The type of its weights.</param>
    public static Transformer WithOptions(Transformer model, ModelOptions options, ScalarType type)
    {
        using var noGradient = no_grad();
        var copy = new Transformer(options, model.Vocabulary, model.Padding, seed: 0);
        copy.to(type);
        copy.to(model.Embeddings.Source.device);
        var parameters = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        foreach (var (name, parameter) in copy.named_parameters())
        {
            if (parameters.TryGetValue(name, out var value))
            {
                parameter.copy_(value);
            }
        }

        if (model.Options.FixNorm && !options.FixNorm)
        {
            using var scope = NewDisposeScope();
            foreach (var matrix in copy.Embeddings.parameters().Where(parameter => parameter.dim() == 2))
            {
                matrix.copy_(model.Embeddings.Used(matrix));
            }
        }

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
