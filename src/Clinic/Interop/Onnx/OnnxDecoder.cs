using TransformerClinic.Model;

namespace TransformerClinic.Interop.Onnx;

/// <summary>
/// The decoder's graph with a cache, for the first step and for all later ones ("merged"), with the names that
/// transformers.js and Optimum expect. Inputs: <c>input_ids [batch_size, decoder_sequence_length]</c>,
/// <c>encoder_hidden_states</c>, <c>encoder_attention_mask</c>, <c>use_cache_branch [1]</c>, and for each layer
/// <c>past_key_values.N.{decoder,encoder}.{key,value} [batch_size, heads, length, dim/heads]</c>. Outputs:
/// <c>logits [batch_size, decoder_sequence_length, vocabulary]</c> and
/// <c>present.N.{decoder,encoder}.{key,value}</c>.
/// </summary>
/// <remarks>
/// One graph serves every step: positions begin after the cache's length. Only keys and values of the encoder's output
/// are computed only in the first step, which an <c>If</c> on <c>use_cache_branch</c> decides. The batch's dimension
/// must be called <c>batch_size</c>: transformers.js makes the first, empty cache from the dimensions' names.
/// </remarks>
internal sealed class OnnxDecoder
{
    private const string Batch = "batch_size";
    private const string Length = "decoder_sequence_length";
    private const string SourceLength = "encoder_sequence_length";
    private const string PastLength = "past_decoder_sequence_length";
    private const string PastSourceLength = "past_encoder_sequence_length";
    private const string NewLength = "past_decoder_sequence_length + decoder_sequence_length";

    private readonly OnnxGraph _graph = new(StackName.Decoder.Word());
    private readonly OnnxStack _stack;
    private readonly Transformer _model;
    private readonly OnnxDimension _heads;
    private readonly OnnxDimension _headDim;

    private OnnxDecoder(Transformer model, bool quantized)
    {
        _model = model;
        _stack = new OnnxStack(_graph, model, quantized);
        (_heads, _headDim) = (model.Options.Heads, model.Options.Dim / model.Options.Heads);
    }

    /// <summary>The graph of a model's decoder.</summary>
    /// <param name="model">The model.</param>
    /// <param name="quantized">Whether matrices are int8.</param>
    public static OnnxGraph Of(Transformer model, bool quantized) => new OnnxDecoder(model, quantized).Build();

    private OnnxGraph Build()
    {
        var mask = _graph.Input("encoder_attention_mask", OnnxType.Int64, Batch, SourceLength);
        var ids = _graph.Input("input_ids", OnnxType.Int64, Batch, Length);
        var memory = _graph.Input("encoder_hidden_states", OnnxType.Float32, Batch, SourceLength, _model.Options.Dim);
        Cache[] past = [.. Enumerable.Range(0, _model.Options.Decoder.Layers).Select(Past)];
        var useCache = _graph.Input("use_cache_branch", OnnxType.Bool, 1);
        var attentions = _model
            .Decoder.Layers.Select(
                (layer, i) => _stack.Attention(OnnxStack.NameOf(i, SublayerKind.CrossAttention), layer.CrossAttention)
            )
            .ToList();
        var memories = Memories(useCache, memory, past, attentions);
        var (rows, causal) = Positions(ids, past[0].Keys);
        var hidden = _stack.Hidden(mask);
        var x = _stack.Embed(
            _model.Options.SharedEmbeddings == EmbeddingSharing.None ? "target_embeddings" : "embeddings",
            ids,
            rows,
            _model.Embeddings.Target,
            _model.Decoder.InputScale,
            _model.Options.ZeroStart
        );
        x = _stack.Begin(x, _model.Decoder);
        foreach (var (number, layer) in _model.Decoder.Layers.Index())
        {
            x = SelfAttention(number, layer, x, past[number], causal);
            x = CrossAttention(number, layer, x, attentions[number], memories[number], hidden);
            x = _stack.FeedForward(OnnxStack.NameOf(number, SublayerKind.FeedForward), x, layer.FeedForward);
        }

        var logits = _stack.Weights.Logits("embeddings", _stack.Finish(x, _model.Decoder), _model.Embeddings.Output);
        logits = _model.Embeddings.OutputBias is { } bias
            ? _graph.Node("Add", [logits, _stack.Weights.Tensor("output_bias", bias.detach())])
            : logits;
        _graph.Output("logits", logits, OnnxType.Float32, Batch, Length, _model.Vocabulary);
        foreach (var (number, (keys, values)) in memories.Index())
        {
            _graph.Output(
                $"present.{number}.encoder.key",
                keys,
                OnnxType.Float32,
                Batch,
                _heads,
                SourceLength,
                _headDim
            );
            _graph.Output(
                $"present.{number}.encoder.value",
                values,
                OnnxType.Float32,
                Batch,
                _heads,
                SourceLength,
                _headDim
            );
        }

        return _graph;
    }

    private Cache Past(int layer)
    {
        string Input(string kind, string length) =>
            _graph.Input($"past_key_values.{layer}.{kind}", OnnxType.Float32, Batch, _heads, length, _headDim);
        return new Cache(
            Input("decoder.key", PastLength),
            Input("decoder.value", PastLength),
            Input("encoder.key", PastSourceLength),
            Input("encoder.value", PastSourceLength)
        );
    }

    /// <summary>Keys and values of the encoder's output: those of the cache, or new ones in the first step.</summary>
    private List<(string Keys, string Values)> Memories(
        string useCache,
        string memory,
        Cache[] past,
        List<OnnxAttention> attentions
    )
    {
        var (cached, computed) = (new OnnxGraph("cached"), new OnnxGraph("computed"));
        foreach (var (number, attention) in attentions.Index())
        {
            var (keys, values) = attention.Memory(memory, computed);
            Pair(cached, number, past[number].MemoryKeys, past[number].MemoryValues);
            Pair(computed, number, keys, values);
        }

        var found = _graph.Nodes(
            "If",
            [useCache],
            2 * attentions.Count,
            OnnxAttribute.Of("then_branch", cached),
            OnnxAttribute.Of("else_branch", computed)
        );
        return [.. attentions.Select((_, i) => (found[2 * i], found[(2 * i) + 1]))];
    }

    private void Pair(OnnxGraph branch, int layer, string keys, string values)
    {
        // Every output of a branch needs a name that no value of the graph around it has.
        OnnxDimension[] shape = [Batch, _heads, SourceLength, _headDim];
        foreach (var (kind, value) in new[] { ("key", keys), ("value", values) })
        {
            var name = branch.Node("Identity", [value]);
            branch.Output(name, OnnxType.Float32, shape);
        }
    }

    /// <summary>
    /// Rows of the position table after the cache's tokens, <c>[1, length]</c>, and minus infinity at later tokens,
    /// <c>[length, cached + length]</c>.
    /// </summary>
    private (string Rows, string Causal) Positions(string ids, string pastKeys)
    {
        var length = Dimension(ids, 1);
        var before = Dimension(pastKeys, 2);
        var end = _graph.Node("Add", [before, length]);
        var queries = _graph.Node("Range", [before, end, _graph.Integer(1)]);
        var keys = _graph.Node("Range", [_graph.Integer(0), end, _graph.Integer(1)]);
        var rows = _graph.Node("Add", [queries, _graph.Integer(SinusoidalPositions.FirstRow)]);
        var later = _graph.Node("Greater", [keys, _graph.Node("Unsqueeze", [queries, _graph.Integers(1)])]);
        return (_graph.Node("Unsqueeze", [rows, _graph.Integers(0)]), _stack.Infinite(later));
    }

    private string Dimension(string value, long index) =>
        _graph.Node("Gather", [_graph.Node("Shape", [value]), _graph.Integer(index)]);

    private string SelfAttention(int number, DecoderLayer layer, string x, Cache past, string causal)
    {
        var name = OnnxStack.NameOf(number, SublayerKind.SelfAttention);
        var attention = _stack.Attention(name, layer.SelfAttention);
        var connection = _stack.Connection(name, layer.SelfAttention.Residual);
        return connection.Apply(
            x,
            input =>
            {
                var (queries, newKeys, newValues) = attention.Project(input);
                var keys = Present(number, "key", past.Keys, newKeys);
                var values = Present(number, "value", past.Values, newValues);
                return attention.Attend(queries, keys, values, causal, connection.BranchScale);
            }
        );
    }

    private string Present(int number, string kind, string past, string added)
    {
        var all = _graph.Node("Concat", [past, added], OnnxAttribute.Of("axis", 2L));
        _graph.Output($"present.{number}.decoder.{kind}", all, OnnxType.Float32, Batch, _heads, NewLength, _headDim);
        return all;
    }

    private string CrossAttention(
        int number,
        DecoderLayer layer,
        string x,
        OnnxAttention attention,
        (string Keys, string Values) memory,
        string hidden
    )
    {
        var connection = _stack.Connection(
            OnnxStack.NameOf(number, SublayerKind.CrossAttention),
            layer.CrossAttention.Residual
        );
        return connection.Apply(
            x,
            input =>
                attention.Attend(attention.Queries(input), memory.Keys, memory.Values, hidden, connection.BranchScale)
        );
    }

    private sealed record Cache(string Keys, string Values, string MemoryKeys, string MemoryValues);
}
