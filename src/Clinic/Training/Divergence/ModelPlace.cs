using TransformerClinic.Model;

namespace TransformerClinic.Training.Divergence;

/// <summary>
/// The words for the part of a model that a parameter belongs to: <c>encoder layer 3, feed-forward</c> for
/// <c>encoder.layers.2.feed_forward.branch.inner.weight</c>.
/// </summary>
internal static class ModelPlace
{
    /// <summary>The sublayer that a parameter belongs to, or what else it belongs to.</summary>
    public static string OfParameter(string name) =>
        SublayerAddress.OfPath(name)?.ToString()
        ?? name.Split('.') switch
        {
            ["embeddings", "shared"] => "the embeddings",
            ["embeddings", "output" or "output_bias"] => "the output projection",
            ["embeddings", var side] => $"the {side} embeddings",
            [var stack, "norm", _] => $"the {stack}'s last normalization",
            [var stack, "input_norm", _] => $"the {stack}'s input normalization",
            [var stack, "input_scale"] => $"the {stack}'s input scale",
            _ => name,
        };
}
