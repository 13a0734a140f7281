namespace TransformerClinic.Interop.Onnx;

/// <summary>What travels through a stack's graph next to the stream: names of values.</summary>
/// <param name="graph">The graph.</param>
internal sealed class OnnxStreams(OnnxGraph graph)
{
    /// <summary>The input of the layer that is being made, where a later sublayer adds it.</summary>
    public string? LayerInput { get; set; }

    /// <summary>The sum of the branches so far, where the stack has one.</summary>
    public string? Sum { get; set; }

    /// <summary><c>x * factor</c></summary>
    public string Scaled(string x, double factor) =>
        factor == 1 ? x : graph.Node("Mul", [x, graph.Number((float)factor)]);
}
