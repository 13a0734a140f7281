using System.Globalization;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Onnx;

/// <summary>What the graphs of encoder and decoder have in common: embeddings, masks, feed-forward sublayers.</summary>
/// <param name="graph">The graph.</param>
/// <param name="model">The model.</param>
/// <param name="quantized">Whether matrices are int8.</param>
internal sealed class OnnxStack(OnnxGraph graph, Transformer model, bool quantized)
{
    /// <summary>The graph's matrices.</summary>
    public OnnxWeights Weights { get; } = new(graph, quantized);

    private OnnxStreams Streams { get; } = new(graph);

    /// <summary><c>sqrt(dim) E[token] + P[row]</c>, times the stack's input scale where there is one.</summary>
    /// <param name="name">What the embedding is called.</param>
    /// <param name="ids">The tokens.</param>
    /// <param name="rows">Their rows of the position table.</param>
    /// <param name="embedding">The embedding.</param>
    /// <param name="inputScale">The scale.</param>
    /// <param name="zeroStart">Whether the first token has no embedding.</param>
    public string Embed(
        string name,
        string ids,
        string rows,
        Tensor embedding,
        Tensor? inputScale,
        bool zeroStart = false
    )
    {
        var scale = graph.Number((float)Math.Sqrt(model.Options.Dim));
        var tokens = graph.Node("Mul", [Weights.Rows(name, ids, embedding), scale]);
        tokens = zeroStart ? graph.Node("Mul", [tokens, NotFirst(rows)]) : tokens;
        var positions = graph.Node("Gather", [Weights.Tensor("positions", model.Positions.Table), rows]);
        var sum = graph.Node("Add", [tokens, positions]);
        return inputScale is null ? sum : graph.Node("Mul", [sum, Weights.Tensor("input_scale", inputScale.detach())]);
    }

    /// <summary>0 at the first token, 1 at others, <c>[.., length, 1]</c>.</summary>
    private string NotFirst(string rows)
    {
        var later = graph.Node("Greater", [rows, graph.Integer(SinusoidalPositions.FirstRow)]);
        var factor = graph.Node("Where", [later, graph.Number(1), graph.Number(0)]);
        return graph.Node("Unsqueeze", [factor, graph.Integers(-1)]);
    }

    /// <summary>
    /// <c>[batch, 1, 1, length]</c>: 0 where the mask <c>[batch, length]</c> is not 0, minus infinity elsewhere.
    /// </summary>
    public string Hidden(string mask)
    {
        var padding = graph.Node("Equal", [mask, graph.Integer(0)]);
        return graph.Node("Unsqueeze", [Infinite(padding), graph.Integers(1, 2)]);
    }

    /// <summary>Minus infinity where a condition holds, and 0 elsewhere.</summary>
    public string Infinite(string condition) =>
        graph.Node("Where", [condition, graph.Number(float.NegativeInfinity), graph.Number(0)]);

    /// <summary>What the names of a sublayer's weights begin with.</summary>
    public static string NameOf(int layer, SublayerKind kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{SublayerWords.Layers}.{layer}.{kind.ModuleName()}");

    /// <summary>A sublayer's residual connection.</summary>
    public OnnxConnection Connection(string name, ResidualConnection residual) =>
        new(graph, Weights, $"{name}.residual", residual, Streams);

    /// <summary>An attention.</summary>
    public OnnxAttention Attention(string name, Sublayer sublayer) =>
        new(graph, Weights, $"{name}.branch", (MultiHeadAttention)sublayer.Branch, model.Options);

    /// <summary>A feed-forward sublayer: <c>act(x W_1^T + b_1) W_2^T + b_2</c> with its connection.</summary>
    public string FeedForward(string name, string x, Sublayer sublayer)
    {
        var branch = (FeedForward)sublayer.Branch;
        var connection = Connection(name, sublayer.Residual);
        return connection.Apply(
            x,
            input =>
            {
                var hidden = Activate(Weights.Linear($"{name}.branch.inner", input, branch.Inner));
                hidden = branch.OutputNorm is { } norm
                    ? OnnxNorm.Of(graph, Weights, $"{name}.branch.norm", norm, hidden)
                    : hidden;
                return Weights.Linear($"{name}.branch.outer", hidden, branch.Outer, scale: connection.BranchScale);
            }
        );
    }

    /// <summary>The input of the first layer from the stack's.</summary>
    public string Begin<TLayer>(string x, StackOfLayers<TLayer> stack)
        where TLayer : nn.Module, ILayer
    {
        x = stack.InputNorm is { } norm ? OnnxNorm.Of(graph, Weights, "input_norm", norm, x) : x;
        if (stack.Residuals.First().Form?.Sum is { } sum)
        {
            Streams.Sum = Streams.Scaled(x, sum.Start);
            x = sum.Entry is { } entry ? OnnxNorm.Of(graph, Weights, "entry", entry, x) : x;
        }

        if (stack.Residuals.First().Form?.History?.Start is { } start)
        {
            Streams.Kept.Add(x);
            x = Streams.Scaled(x, start.Values(1)[0]);
        }

        if (stack.Residuals.First().Form?.Streams is { } mix)
        {
            x = OnnxMix.Begin(graph, x, mix.Count);
        }

        return x;
    }

    /// <summary>The stack's output from the last layer's.</summary>
    public string Finish<TLayer>(string x, StackOfLayers<TLayer> stack)
        where TLayer : nn.Module, ILayer
    {
        if (stack.Residuals.Last().Form?.Sum?.End is { } end)
        {
            x = graph.Node("Add", [x, OnnxNorm.Of(graph, Weights, "end", end, Streams.Sum!)]);
        }

        x = stack.Residuals.Last().Form?.Streams is null ? x : OnnxMix.Finish(graph, x);

        return stack.FinalNorm is { } norm ? OnnxNorm.Of(graph, Weights, "norm", norm, x) : x;
    }

    private string Activate(string x) =>
        model.Options.Activation switch
        {
            Activation.Relu => graph.Node("Relu", [x]),
            Activation.Swish => graph.Node("Mul", [x, graph.Node("Sigmoid", [x])]),
            _ => Gelu(x),
        };

    private string Gelu(string x)
    {
        var error = graph.Node("Erf", [graph.Node("Mul", [x, graph.Number((float)Math.Sqrt(0.5))])]);
        var distribution = graph.Node("Add", [error, graph.Number(1)]);
        return graph.Node("Mul", [graph.Node("Mul", [x, distribution]), graph.Number(0.5f)]);
    }
}
