namespace TransformerClinic.Interop.Onnx;

/// <summary>What travels through a stack's graph next to the stream: names of values.</summary>
/// <param name="graph">The graph.</param>
internal sealed class OnnxStreams(OnnxGraph graph)
{
    /// <summary>The input of the layer that is being made, where a later sublayer adds it.</summary>
    public string? LayerInput { get; set; }

    /// <summary>The sum of the branches so far, where the stack has one.</summary>
    public string? Sum { get; set; }

    /// <summary>The stack's input and the outputs of layers so far, where later layers read them.</summary>
    public List<string> Kept { get; } = [];

    /// <summary>The weighted sum of what is kept.</summary>
    public string MixOf(double[] weights) =>
        Kept.Zip(weights, Scaled).Aggregate((sum, next) => graph.Node("Add", [sum, next]));

    /// <summary><c>x * factor</c></summary>
    public string Scaled(string x, double factor) =>
        factor == 1 ? x : graph.Node("Mul", [x, graph.Number((float)factor)]);
}
