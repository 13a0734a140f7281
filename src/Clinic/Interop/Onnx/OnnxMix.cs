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
        var normalized = OnnxNorm.Of(graph, weights, $"{name}.streams", mix.Norm, streams);
        var moving = weights.Tensor($"{name}.dynamic", mix.Dynamic().detach());
        var product = graph.Node("MatMul", [normalized, moving]);
        product = mix.IsDoublyStochastic ? product : graph.Node("Tanh", [product]);
        var scaled = graph.Node("Mul", [product, weights.Tensor($"{name}.scale", mix.ColumnScales().detach())]);
        _weights = graph.Node("Add", [scaled, weights.Tensor($"{name}.static", mix.Static().detach())]);
        var read = Columns(0, 1);
        read = mix.IsDoublyStochastic ? graph.Node("Sigmoid", [read]) : read;
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

    private string DoublyStochastic(string mixed)
    {
        var largest = graph.Node("ReduceMax", [mixed], OnnxAttribute.OfEach("axes", 2));
        var positive = graph.Node("Exp", [graph.Node("Sub", [mixed, largest])]);
        for (var round = 0; round < StreamMix.Rounds; round++)
        {
            positive = Shares(Shares(positive, 2), 3);
        }

        return positive;
    }

    private string Shares(string positive, long axis)
    {
        var sum = graph.Node("ReduceSum", [positive, graph.Integers(axis)]);
        var atLeast = graph.Node("Max", [sum, graph.Number((float)StreamMix.SmallestSum)]);
        return graph.Node("Div", [positive, atLeast]);
    }

    private string Columns(long from, long to) =>
        graph.Node("Slice", [_weights, graph.Integers(from), graph.Integers(to), graph.Integers(3)]);
}
