using TorchSharp.Modules;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Onnx;

/// <summary>Normalizations in a graph, over the last dimension.</summary>
internal static class OnnxNorm
{
    /// <summary><c>factor * norm(x)</c></summary>
    public static string Of(OnnxGraph graph, OnnxWeights weights, string name, ScaledNorm norm, string x)
    {
        var normalized = Of(graph, weights, name, norm.Module, x);
        return norm.Factor == 1 ? normalized : graph.Node("Mul", [normalized, graph.Number((float)norm.Factor)]);
    }

    /// <summary><c>norm(x)</c></summary>
    public static string Of(
        OnnxGraph graph,
        OnnxWeights weights,
        string name,
        nn.Module<Tensor, Tensor> norm,
        string x
    ) =>
        norm switch
        {
            RmsNorm rms => Of(graph, weights, name, rms, x),
            ScaleNorm scale => Of(graph, weights, name, scale, x),
            _ => Of(graph, weights, name, (LayerNorm)norm, x),
        };

    private static string Of(OnnxGraph graph, OnnxWeights weights, string name, LayerNorm norm, string x) =>
        graph.Node(
            "LayerNormalization",
            [
                x,
                weights.Tensor($"{name}.weight", norm.weight!.detach()),
                .. norm.bias is { } bias ? [weights.Tensor($"{name}.bias", bias.detach())] : Array.Empty<string>(),
            ],
            OnnxAttribute.Of("axis", -1L),
            OnnxAttribute.Of("epsilon", (float)norm.eps)
        );

    /// <summary>
    /// In single operators: RMSNormalization is younger than the operators that other programs' runtimes have.
    /// </summary>
    private static string Of(OnnxGraph graph, OnnxWeights weights, string name, RmsNorm norm, string x)
    {
        var square = graph.Node("Mul", [x, x]);
        var mean = graph.Node("ReduceMean", [square], OnnxAttribute.OfEach("axes", -1));
        var root = graph.Node("Sqrt", [graph.Node("Add", [mean, graph.Number((float)norm.Epsilon)])]);
        var gain = weights.Tensor($"{name}.weight", norm.Weight.detach());
        return graph.Node("Mul", [graph.Node("Div", [x, root]), gain]);
    }

    private static string Of(OnnxGraph graph, OnnxWeights weights, string name, ScaleNorm norm, string x)
    {
        var length = graph.Node("ReduceL2", [x], OnnxAttribute.OfEach("axes", -1));
        var divisor = graph.Node("Max", [length, graph.Number((float)ScaleNorm.ShortestLength)]);
        var gain = weights.Tensor($"{name}.weight", norm.Weight.detach());
        return graph.Node("Mul", [x, graph.Node("Div", [gain, divisor])]);
    }
}
