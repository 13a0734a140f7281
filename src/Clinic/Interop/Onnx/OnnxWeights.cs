using TorchSharp;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// Puts a model's matrices into a graph and multiplies with them: in float32, or in int8 as ONNX Runtime's dynamic
/// quantization does, <c>y = s_x s_w (q_x - z_x) q_w</c> with one scale <c>s_w</c> for each output and with
/// <c>s_x, z_x</c> found anew for each product (onnx operators DynamicQuantizeLinear and MatMulInteger).
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="quantized">Whether matrices are int8.</param>
internal sealed class OnnxWeights(OnnxGraph graph, bool quantized)
{
    private const float LargestInteger = 127;

    /// <summary><c>x W^T + b</c> with the rows <c>[from, to)</c> of a layer, times a constant.</summary>
    /// <param name="name">The layer's name in the graph.</param>
    /// <param name="x">The value <c>[..., in]</c>.</param>
    /// <param name="layer">The layer, <c>W [out, in]</c> and <c>b [out]</c>.</param>
    /// <param name="rows">The rows; null for all.</param>
    /// <param name="scale">What each output is multiplied by; null for 1.</param>
    /// <param name="into">The graph of the nodes; by default that of the matrices.</param>
    public string Linear(
        string name,
        string x,
        Linear layer,
        (long From, long To)? rows = null,
        double[]? scale = null,
        OnnxGraph? into = null
    )
    {
        using var scope = NewDisposeScope();
        var (from, to) = rows ?? (0, layer.Weight.shape[0]);
        var weight = layer.Weight.detach().narrow(0, from, to - from);
        var bias = layer.Bias.detach().narrow(0, from, to - from);
        if (scale is not null)
        {
            var factors = tensor(scale, dtype: weight.dtype);
            (weight, bias) = (weight * factors.unsqueeze(1), bias * factors);
        }

        var product = Product($"{name}.weight", x, weight, into ?? graph);
        return (into ?? graph).Node("Add", [product, Tensor($"{name}.bias", bias)]);
    }

    /// <summary>Logits <c>h E^T</c> of an embedding that <see cref="Rows"/> may look up as well.</summary>
    public string Logits(string name, string h, Tensor embedding)
    {
        var matrix = Embedding(name, embedding);
        var transposed = graph.Node("Transpose", [matrix], OnnxAttribute.OfEach("perm", 1, 0));
        return quantized
            ? IntegerProduct(h, transposed, $"{name}.scale", graph)
            : graph.Node("MatMul", [h, transposed]);
    }

    /// <summary>Rows of an embedding <c>[vocabulary, dim]</c>, looked up by ids.</summary>
    public string Rows(string name, string ids, Tensor embedding)
    {
        var rows = graph.Node("Gather", [Embedding(name, embedding), ids]);
        if (!quantized)
        {
            return rows;
        }

        var scales = graph.Node("Gather", [$"{name}.scale", ids]);
        return graph.Node("Mul", [Float(rows, graph), graph.Node("Unsqueeze", [scales, graph.Integers(-1)])]);
    }

    /// <summary>A tensor in float32.</summary>
    public string Tensor(string name, Tensor values) =>
        graph.HasConstant(name) ? name : graph.Floats(name, Bytes(values.to(ScalarType.Float32)), values.shape);

    private string Embedding(string name, Tensor embedding)
    {
        if (graph.HasConstant(name))
        {
            return name;
        }

        using var scope = NewDisposeScope();
        if (!quantized)
        {
            return Tensor(name, embedding.detach());
        }

        var (integers, scales) = Quantize(embedding.detach());
        Tensor($"{name}.scale", scales);
        return graph.Constant(name, OnnxType.Int8, Bytes(integers), integers.shape);
    }

    /// <summary><c>x W^T</c>.</summary>
    private string Product(string name, string x, Tensor weight, OnnxGraph into)
    {
        if (!quantized)
        {
            return into.Node("MatMul", [x, Tensor(name, weight.t().contiguous())]);
        }

        var (integers, scales) = Quantize(weight);
        Tensor($"{name}.scale", scales);
        var columns = integers.t().contiguous();
        return IntegerProduct(
            x,
            graph.Constant(name, OnnxType.Int8, Bytes(columns), columns.shape),
            $"{name}.scale",
            into
        );
    }

    private static string IntegerProduct(string x, string columns, string scales, OnnxGraph into)
    {
        var input = into.Nodes("DynamicQuantizeLinear", [x], 3);
        var product = into.Node("MatMulInteger", [input[0], columns, input[2]]);
        return into.Node("Mul", [Float(product, into), into.Node("Mul", [input[1], scales])]);
    }

    private static string Float(string value, OnnxGraph into) =>
        into.Node("Cast", [value], OnnxAttribute.Of("to", (long)OnnxType.Float32));

    /// <summary>Each row by its largest absolute value: <c>q = round(127 w / max|w|)</c>.</summary>
    private static (Tensor Integers, Tensor Scales) Quantize(Tensor weight)
    {
        using Scalar largest = LargestInteger,
            smallest = float.Epsilon;
        var scales = weight.abs().amax([1]).clamp_min(smallest) / largest;
        return ((weight / scales.unsqueeze(1)).round().to(ScalarType.Int8), scales);
    }

    private static byte[] Bytes(Tensor values) => values.cpu().contiguous().bytes.ToArray();
}
