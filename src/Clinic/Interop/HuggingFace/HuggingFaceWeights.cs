using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using static TorchSharp.torch;
using LayerNorm = TorchSharp.Modules.LayerNorm;

namespace TransformerClinic.Interop.HuggingFace;

/// <summary>
/// A plain Post-LN or Pre-LN model's weights under the names that <c>transformers</c> gives them: our
/// <c>encoder.layers.0.self_attention.branch.input_projection.weight</c> holds, one below the other, its
/// <c>model.encoder.layers.0.self_attn.{q,k,v}_proj.weight</c>.
/// </summary>
internal sealed class HuggingFaceWeights
{
    private static readonly string[] Projections = ["q_proj", "k_proj", "v_proj"];

    private readonly Transformer _model;
    private readonly HuggingFaceClass _class;
    private readonly List<TensorSource> _tensors = [];

    private HuggingFaceWeights(Transformer model, HuggingFaceClass @class) => (_model, _class) = (model, @class);

    /// <summary>The tensors to be stored; they read the model when they are written.</summary>
    public static IReadOnlyList<TensorSource> Of(Transformer model, HuggingFaceClass @class)
    {
        var weights = new HuggingFaceWeights(model, @class);
        weights.AddEmbeddings();
        foreach (var (number, layer) in model.Encoder.Layers.Index())
        {
            weights.AddEncoderLayer($"model.encoder.layers.{number}", layer);
        }

        foreach (var (number, layer) in model.Decoder.Layers.Index())
        {
            weights.AddDecoderLayer($"model.decoder.layers.{number}", layer);
        }

        weights.AddFinalNorm("model.encoder", model.Encoder.FinalLayerNorm);
        weights.AddFinalNorm("model.decoder", model.Decoder.FinalLayerNorm);
        return weights._tensors;
    }

    private void AddEmbeddings()
    {
        var embeddings = _model.Embeddings;
        if (_class == HuggingFaceClass.Fsmt || _model.Options.SharedEmbeddings != EmbeddingSharing.All)
        {
            Add("model.encoder.embed_tokens.weight", embeddings.Source);
            Add("model.decoder.embed_tokens.weight", embeddings.Target);
        }
        else
        {
            Add("model.shared.weight", embeddings.Source);
        }

        if (_class == HuggingFaceClass.Fsmt)
        {
            // The class can make both itself, but not every version does when it loads with little memory: some take
            // the embedding from the projection, some leave the positions unset.
            Add("model.decoder.output_projection.weight", embeddings.Output);
            AddPositions(_model.Positions.Table);
        }

        if (_class == HuggingFaceClass.Marian)
        {
            Add("final_logits_bias", embeddings.OutputBias?.unsqueeze(0) ?? zeros(1, _model.Vocabulary));
            AddPositions(_model.Positions.Table.narrow(0, SinusoidalPositions.FirstRow, _model.Options.MaxPositions));
        }
    }

    private void AddPositions(Tensor table)
    {
        Add("model.encoder.embed_positions.weight", table);
        Add("model.decoder.embed_positions.weight", table);
    }

    private void AddEncoderLayer(string name, EncoderLayer layer)
    {
        AddAttention($"{name}.self_attn", layer.SelfAttention);
        AddFeedForward(name, layer.FeedForward);
    }

    private void AddDecoderLayer(string name, DecoderLayer layer)
    {
        AddAttention($"{name}.self_attn", layer.SelfAttention);
        AddAttention($"{name}.encoder_attn", layer.CrossAttention);
        AddFeedForward(name, layer.FeedForward);
    }

    private void AddAttention(string name, Sublayer sublayer)
    {
        var attention = (MultiHeadAttention)sublayer.Branch;
        var dim = sublayer.Residual.Dim;
        foreach (var (part, projection) in Projections.Index())
        {
            Add($"{name}.{projection}.weight", attention.InputProjection.Weight.narrow(0, part * dim, dim));
            Add($"{name}.{projection}.bias", attention.InputProjection.Bias.narrow(0, part * dim, dim));
        }

        AddLinear($"{name}.out_proj", attention.OutputProjection);
        AddNorm($"{name}_layer_norm", PlainStacks.NormOf(sublayer.Residual));
    }

    private void AddFeedForward(string name, Sublayer sublayer)
    {
        var branch = (FeedForward)sublayer.Branch;
        AddLinear($"{name}.fc1", branch.Inner);
        AddLinear($"{name}.fc2", branch.Outer);
        AddNorm($"{name}.final_layer_norm", PlainStacks.NormOf(sublayer.Residual));
    }

    private void AddFinalNorm(string stack, LayerNorm? norm)
    {
        if (norm is not null)
        {
            AddNorm($"{stack}.layer_norm", norm);
        }
    }

    private void AddLinear(string name, Linear linear)
    {
        Add($"{name}.weight", linear.Weight);
        Add($"{name}.bias", linear.Bias);
    }

    private void AddNorm(string name, LayerNorm norm)
    {
        Add($"{name}.weight", norm.weight!);
        Add($"{name}.bias", norm.bias!);
    }

    private void Add(string name, Tensor tensor) => _tensors.Add(ModuleWeights.Source(name, tensor));
}
