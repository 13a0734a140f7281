using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>The groups of a model's parameters, by the parameters' names.</summary>
internal static class ParameterGroups
{
    /// <summary>
    /// The parts of a parameter (or of anything that has its shape) and their groups: three for the projection of
    /// queries, keys and values, which are rows of one matrix; one for the others. Names that our Transformer
    /// does not have are <see cref="ParameterGroup.Other"/>.
    /// </summary>
    public static IEnumerable<(ParameterGroup Group, Tensor Part)> Of(string name, Tensor values) =>
        name.Split('.') switch
        {
            [.., "branch", "input_projection", _] => new[]
            {
                ParameterGroup.Query,
                ParameterGroup.Key,
                ParameterGroup.Value,
            }.Zip(values.chunk(3)),
            var path => [(OfWhole(path), values)],
        };

    /// <summary>
    /// Whether a perturbation moves a parameter: matrices, embeddings and a trained scale of the branch, but no bias,
    /// normalization, omega or weight that mixes streams. These are the parameters whose name in the reference does not
    /// contain "bias", "layer_norm" or "ratio".
    /// </summary>
    public static bool IsPerturbed(string name) =>
        name.Split('.')
            is ["embeddings", not "output_bias"]
                or [.., "branch", not "norm", "weight"]
                or [.., "residual", "alpha" or "lambda"];

    private static ParameterGroup OfWhole(string[] path) =>
        path switch
        {
            ["embeddings", _] => ParameterGroup.Embedding,
            [_, "input_scale"] => ParameterGroup.InputScale,
            [_, "norm" or "input_norm", _] or [.., "branch", "norm", _] or [.., "head_norms", _, _] =>
                ParameterGroup.LayerNorm,
            [.., "residual", "norm" or "before" or "inner" or "entry" or "read" or "end", _]
            or [.., "residual", "stored" or "mixed" or "streams", _] => ParameterGroup.LayerNorm,
            [.., "residual", "omega"] => ParameterGroup.Omega,
            [.., "residual", "start" or "weights" or "static" or "dynamic" or "scale"] => ParameterGroup.Mix,
            [.., "residual", "alpha" or "lambda"] => ParameterGroup.Alpha,
            [.., "branch", "output_projection", _] => ParameterGroup.AttentionOutput,
            [.., "branch", "inner", _] => ParameterGroup.FeedForwardInner,
            [.., "branch", "outer", _] => ParameterGroup.FeedForwardOuter,
            _ => ParameterGroup.Other,
        };
}
