using TransformerClinic.Model;

namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// Multi-head attention in a graph: <c>softmax(q k^T / sqrt(d/H) + mask) v W_O + b_O</c>; keys and values are
/// <c>[batch, heads, length, dim/heads]</c>.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="weights">Its matrices.</param>
/// <param name="name">The attention's name in the graph.</param>
/// <param name="attention">The attention.</param>
/// <param name="options">The model's shape.</param>
internal sealed class OnnxAttention(
    OnnxGraph graph,
    OnnxWeights weights,
    string name,
    MultiHeadAttention attention,
    ModelOptions options
)
{
    private readonly long _dim = options.Dim;

    /// <summary>Queries, keys and values of <c>x [batch, length, dim]</c>.</summary>
    public (string Queries, string Keys, string Values) Project(string x)
    {
        var all = weights.Linear($"{name}.input_projection", x, attention.InputProjection);
        var parts = graph.Nodes("Split", [all, graph.Integers(_dim, _dim, _dim)], 3, OnnxAttribute.Of("axis", -1L));
        return (
            Normalized(graph, "query", Heads(graph, parts[0])),
            Normalized(graph, "key", Heads(graph, parts[1])),
            Normalized(graph, "value", Heads(graph, parts[2]))
        );
    }

    /// <summary>Only the queries.</summary>
    public string Queries(string x) =>
        Normalized(
            graph,
            "query",
            Heads(graph, weights.Linear($"{name}.query_projection", x, attention.InputProjection, (0, _dim)))
        );

    /// <summary>Keys and values of a memory <c>[batch, length, dim]</c>, as nodes of another graph.</summary>
    public (string Keys, string Values) Memory(string memory, OnnxGraph into)
    {
        var all = weights.Linear(
            $"{name}.memory_projection",
            memory,
            attention.InputProjection,
            (_dim, 3 * _dim),
            into: into
        );
        var parts = into.Nodes("Split", [all, into.Integers(_dim, _dim)], 2, OnnxAttribute.Of("axis", -1L));
        return (Normalized(into, "key", Heads(into, parts[0])), Normalized(into, "value", Heads(into, parts[1])));
    }

    /// <summary>
    /// The attention's output, times a factor of each channel; the mask is added to the scores where there is one.
    /// </summary>
    public string Attend(string queries, string keys, string values, string? mask, double[]? scale)
    {
        var headDim = options.Dim / options.Heads;
        var scaled = graph.Node("Mul", [queries, graph.Number((float)Math.Pow(headDim, -0.5))]);
        var transposed = graph.Node("Transpose", [keys], OnnxAttribute.OfEach("perm", 0, 1, 3, 2));
        var scores = graph.Node("MatMul", [scaled, transposed]);
        var masked = mask is null ? scores : graph.Node("Add", [scores, mask]);
        var shares = graph.Node("Softmax", [masked], OnnxAttribute.Of("axis", -1L));
        var heads = graph.Node("MatMul", [shares, values]);
        var together = graph.Node("Transpose", [heads], OnnxAttribute.OfEach("perm", 0, 2, 1, 3));
        var rows = graph.Node("Reshape", [together, graph.Integers(0, 0, _dim)]);
        rows = attention.OutputNorm is { } norm ? OnnxNorm.Of(graph, weights, $"{name}.norm", norm, rows) : rows;
        return weights.Linear($"{name}.output_projection", rows, attention.OutputProjection, scale: scale);
    }

    /// <summary>What the normalization of a part of the heads makes of it, where there is one.</summary>
    private string Normalized(OnnxGraph into, string part, string heads)
    {
        var norm = part switch
        {
            "query" => attention.HeadNorms?.Query,
            "key" => attention.HeadNorms?.Key,
            _ => attention.HeadNorms?.Value,
        };
        return norm is null ? heads : OnnxNorm.Of(into, weights, $"{name}.head_norms.{part}", norm, heads);
    }

    /// <summary><c>[batch, length, dim] -> [batch, heads, length, dim/heads]</c></summary>
    private string Heads(OnnxGraph into, string x)
    {
        var split = into.Node("Reshape", [x, into.Integers(0, 0, options.Heads, options.Dim / options.Heads)]);
        return into.Node("Transpose", [split], OnnxAttribute.OfEach("perm", 0, 2, 1, 3));
    }
}
