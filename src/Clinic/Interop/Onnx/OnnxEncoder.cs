using TransformerClinic.Model;

namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// The encoder's graph, with the names that transformers.js and Optimum expect: <c>input_ids</c> and
/// <c>attention_mask</c> (int64, <c>[batch_size, encoder_sequence_length]</c>, 0 at padding) to
/// <c>last_hidden_state [batch_size, encoder_sequence_length, dim]</c>.
/// </summary>
internal static class OnnxEncoder
{
    private const string Batch = "batch_size";
    private const string Length = "encoder_sequence_length";

    /// <summary>The graph of a model's encoder.</summary>
    /// <param name="model">The model.</param>
    /// <param name="quantized">Whether matrices are int8.</param>
    public static OnnxGraph Of(Transformer model, bool quantized)
    {
        var graph = new OnnxGraph(StackName.Encoder.Word());
        var stack = new OnnxStack(graph, model, quantized);
        var ids = graph.Input("input_ids", OnnxType.Int64, Batch, Length);
        var mask = graph.Input("attention_mask", OnnxType.Int64, Batch, Length);
        var x = stack.Embed("embeddings", ids, Rows(graph, mask), model.Embeddings.Source, model.Encoder.InputScale);
        x = stack.Begin(x, model.Encoder);
        var hidden = stack.Hidden(mask);
        foreach (var (number, layer) in model.Encoder.Layers.Index())
        {
            x = Layer(stack, number, layer, x, hidden);
        }

        graph.Output(
            "last_hidden_state",
            stack.Finish(x, model.Encoder),
            OnnxType.Float32,
            Batch,
            Length,
            model.Options.Dim
        );
        return graph;
    }

    /// <summary>Padding takes row 1 of the position table, and the first token row 2, wherever padding is.</summary>
    private static string Rows(OnnxGraph graph, string mask)
    {
        var counted = graph.Node("CumSum", [mask, graph.Integer(1)]);
        return graph.Node("Add", [graph.Node("Mul", [counted, mask]), graph.Integer(1)]);
    }

    private static string Layer(OnnxStack stack, int number, EncoderLayer layer, string x, string hidden)
    {
        var name = OnnxStack.NameOf(number, SublayerKind.SelfAttention);
        var attention = stack.Attention(name, layer.SelfAttention);
        var connection = stack.Connection(name, layer.SelfAttention.Residual);
        x = connection.Apply(
            x,
            input =>
            {
                var (queries, keys, values) = attention.Project(input);
                return attention.Attend(queries, keys, values, hidden, connection.BranchScale);
            }
        );
        return stack.FeedForward(OnnxStack.NameOf(number, SublayerKind.FeedForward), x, layer.FeedForward);
    }
}
