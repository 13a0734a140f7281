using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Onnx;

/// <summary>Streams in place of one in a graph, <c>[batch, length, n, dim]</c>: <see cref="StreamMix"/>.</summary>
/// <param name="graph">The graph.</param>
/// <param name="weights">The graph's matrices.</param>
/// <param name="name">What the names of the connection's weights begin with.</param>
/// <param name="mix">The equation.</param>
internal sealed class OnnxMix(OnnxGraph graph, OnnxWeights weights, string name, StreamMix mix)
{
    private string _weights = "";

    /// <summary>All streams from the stack's input.</summary>
    public static string Begin(OnnxGraph graph, string x, int streams)
    {
        var one = graph.Node("Unsqueeze", [x, graph.Integers(2)]);
        return graph.Node("Concat", [.. Enumerable.Repeat(one, streams)], OnnxAttribute.Of("axis", 2L));
    }

    /// <summary>The sum of the streams.</summary>
    public static string Finish(OnnxGraph graph, string streams) =>
        graph.Node("ReduceSum", [streams, graph.Integers(2)], OnnxAttribute.Of("keepdims", 0L));

    /// <summary>What the branch reads of the streams.</summary>
    public string Read(string streams)
    {
        using var scope = NewDisposeScope();
        var moved = mix.IsDoublyStochastic ? OfAll(streams) : graph.Node("Tanh", [Product(streams)]);
        var scaled = graph.Node("Mul", [moved, weights.Tensor($"{name}.scale", mix.ColumnScales().detach())]);
        _weights = graph.Node("Add", [scaled, weights.Tensor($"{name}.static", mix.Static().detach())]);
        var read = Columns(0, 1);
        read = mix.IsDoublyStochastic ? WithEpsilon(graph.Node("Sigmoid", [read])) : read;
        return graph.Node(
            "ReduceSum",
            [graph.Node("Mul", [read, streams]), graph.Integers(2)],
            OnnxAttribute.Of("keepdims", 0L)
        );
    }

    /// <summary>The streams from themselves and the branch's output, once they have been read.</summary>
    public string Write(string streams, string branch)
    {
        var (mixed, write) = (Columns(1, mix.Count + 1), Columns(mix.Count + 1, mix.Count + 2));
        if (mix.IsDoublyStochastic)
        {
            mixed = DoublyStochastic(mixed);
            write = graph.Node("Mul", [graph.Node("Sigmoid", [write]), graph.Number(2)]);
        }

        var turned = graph.Node("Transpose", [mixed], OnnxAttribute.OfEach("perm", 0, 1, 3, 2));
        var written = graph.Node("Mul", [write, graph.Node("Unsqueeze", [branch, graph.Integers(2)])]);
        return graph.Node("Add", [graph.Node("MatMul", [turned, streams]), written]);
    }

    /// <summary>Of all streams together, which the state of a stack has next to each other.</summary>
    private string OfAll(string streams)
    {
        var together = graph.Node("Reshape", [streams, graph.Integers(0, 0, -1)]);
        return graph.Node("Reshape", [Product(together), graph.Integers(0, 0, mix.Count, mix.Count + 2)]);
    }

    private string Product(string streams)
    {
        var normalized = OnnxNorm.Of(graph, weights, $"{name}.streams", mix.Norm, streams);
        return graph.Node("MatMul", [normalized, weights.Tensor($"{name}.dynamic", mix.Dynamic().detach())]);
    }

    private string DoublyStochastic(string mixed)
    {
        var shares = graph.Node("Softmax", [mixed], OnnxAttribute.Of("axis", 3L));
        var positive = Shares(WithEpsilon(shares), 2);
        for (var round = 1; round < StreamMix.Rounds; round++)
        {
            positive = Shares(Shares(positive, 3), 2);
        }

        return positive;
    }

    private string Shares(string positive, long axis) =>
        graph.Node("Div", [positive, WithEpsilon(graph.Node("ReduceSum", [positive, graph.Integers(axis)]))]);

    private string WithEpsilon(string x) => graph.Node("Add", [x, graph.Number((float)StreamMix.Epsilon)]);

    private string Columns(long from, long to) =>
        graph.Node("Slice", [_weights, graph.Integers(from), graph.Integers(to), graph.Integers(3)]);
}
