using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding;

/// <summary>
/// An untrained model whose distributions are peaked enough to end sentences and to distinguish hypotheses.
/// </summary>
internal static class SmallModel
{
    /// <summary>A model; one whose dim is a multiple of 16 is computed by our own kernels.</summary>
    public static Transformer Create(int vocabulary, long seed, int maxPositions = 64, int dim = 8)
    {
        var stack = new StackOptions { Layers = 2, Variant = ResidualVariant.PostLn };
        var options = new ModelOptions
        {
            Encoder = stack,
            Decoder = stack,
            Dim = dim,
            Heads = 2,
            FeedForwardDim = 16,
            MaxPositions = maxPositions,
        };
        var model = new Transformer(options, vocabulary, Vocabulary.Pad, seed);
        using var noGradient = no_grad();
        model.Embeddings.Output.mul_(3);
        return model;
    }
}
