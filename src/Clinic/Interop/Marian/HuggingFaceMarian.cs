using System.Text.Json;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Marian;

/// <summary>
/// A model of Hugging Face's class <c>MarianMTModel</c>, such as the OPUS-MT models: <c>config.json</c> and the
/// weights. Positions are those that the file stores; without them, those that the class computes.
/// </summary>
internal sealed class HuggingFaceMarian : IDisposable
{
    /// <summary>The configuration in the folder.</summary>
    public const string ConfigFile = "config.json";

    private const string Start = "model.";
    private const string SharedName = "model.shared.weight";
    private const string BiasName = "final_logits_bias";
    private const double PositionTolerance = 1e-3;

    private readonly HuggingFaceTensors _file;
    private readonly IFairseqTensors _tensors;
    private readonly Config _config;
    private readonly string _path;

    private HuggingFaceMarian(string folder)
    {
        (Folder, _path) = (folder, Path.Combine(folder, ConfigFile));
        _config = Json.ReadForeign<Config>(_path);
        Check();
        _file = HuggingFaceTensors.Open(folder);
        _tensors = _file.Tensors;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The rows of the source's embedding.</summary>
    public int SourceCount => _config.VocabSize;

    /// <summary>The rows of the target's embedding.</summary>
    public int TargetCount => _config.DecoderVocabSize ?? _config.VocabSize;

    /// <summary>Whether source and target have one embedding.</summary>
    public bool IsShared => _config.ShareEncoderDecoderEmbeddings;

    /// <summary>Opens a folder.</summary>
    /// <exception cref="UserErrorException">
    /// A file is missing or damaged, or the configuration is of a model that ours cannot be.
    /// </exception>
    public static HuggingFaceMarian Open(string folder) => new(folder);

    /// <summary>A model with the weights of the folder.</summary>
    /// <param name="rows">Its vocabularies.</param>
    /// <param name="padding">Our id of padding.</param>
    /// <exception cref="UserErrorException">A tensor is missing, left over, or of another shape or type.</exception>
    public Transformer Load(PieceRows rows, int padding)
    {
        var model = new Transformer(Shape(), rows.Source.Count, padding, seed: 0);
        try
        {
            PutInto(model, rows, padding);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private ModelOptions Shape() =>
        OptionCheck.Valid(
            new ModelOptions
            {
                Encoder = new StackOptions { Layers = _config.EncoderLayers, Variant = ResidualVariant.PostLn },
                Decoder = new StackOptions { Layers = _config.DecoderLayers, Variant = ResidualVariant.PostLn },
                Dim = _config.DModel,
                Heads = _config.EncoderAttentionHeads,
                FeedForwardDim = _config.EncoderFfnDim,
                Dropout = _config.Dropout,
                Activation = ActivationOf(),
                SharedEmbeddings =
                    IsShared && _config.TieWordEmbeddings ? EmbeddingSharing.All
                    : !IsShared && _config.TieWordEmbeddings ? EmbeddingSharing.Decoder
                    : EmbeddingSharing.None,
                OutputBias = true,
                ZeroStart = StartsFromZero(),
                Positions = PositionsOf(),
                MaxPositions = _config.MaxPositionEmbeddings,
            },
            "model"
        );

    private Activation ActivationOf() =>
        _config.ActivationFunction switch
        {
            "relu" => Activation.Relu,
            "gelu" => Activation.Gelu,
            "swish" or "silu" => Activation.Swish,
            var other => throw Refused("activation_function", other, "relu, gelu and swish can be read"),
        };

    private void Check()
    {
        if (_config.ModelType != "marian")
        {
            throw Refused("model_type", _config.ModelType, "it is not a model of the class marian");
        }

        if (!_config.ScaleEmbedding)
        {
            throw Refused("scale_embedding", "false", "embeddings are multiplied by sqrt(d_model) here");
        }

        if (
            _config.EncoderAttentionHeads != _config.DecoderAttentionHeads
            || _config.EncoderFfnDim != _config.DecoderFfnDim
        )
        {
            throw Refused(
                "decoder_attention_heads, decoder_ffn_dim",
                $"{_config.DecoderAttentionHeads}, {_config.DecoderFfnDim}",
                "encoder and decoder must have the same here"
            );
        }

        foreach (var (key, value) in _config.Others ?? [])
        {
            if (
                key is "normalize_before" or "normalize_embedding" or "add_final_layer_norm"
                && value.ValueKind == JsonValueKind.True
            )
            {
                throw Refused(key, "true", "the class marian does not have that");
            }
        }
    }

    private UserErrorException Refused(string key, string value, string why) =>
        new($"{_path}: {key} is {value}: {why}.");

    /// <summary>
    /// Whether the embedding that decoding starts from is zero, as that of Marian's models is; otherwise it must be the
    /// end mark's, where ours starts.
    /// </summary>
    private bool StartsFromZero()
    {
        var start = _config.DecoderStartTokenId;
        using var scope = NewDisposeScope();
        var embedding = Floats(TargetEmbedding);
        return start >= 0 && start < embedding.shape[0] && embedding[start].abs().max().item<float>() == 0 ? true
            : start == _config.EosTokenId ? false
            : throw Refused(
                "decoder_start_token_id",
                $"{start}",
                "decoding can start from a token whose embedding is zero, or from the end mark"
            );
    }

    private string TargetEmbedding => IsShared ? SharedName : $"{Start}{FairseqNames.TargetEmbedding}";

    private PositionFormula PositionsOf()
    {
        const string Name = Start + "decoder.embed_positions.weight";
        if (!_tensors.Has(Name))
        {
            return PositionFormula.HuggingFace;
        }

        using var scope = NewDisposeScope();
        var stored = Floats(Name);
        foreach (var formula in Enum.GetValues<PositionFormula>())
        {
            using var positions = new SinusoidalPositions((int)stored.shape[0], (int)stored.shape[1], formula);
            var table = positions.Table.narrow(0, SinusoidalPositions.FirstRow, stored.shape[0]);
            if ((table - stored).abs().max().item<float>() < PositionTolerance)
            {
                return formula;
            }
        }

        throw new UserErrorException(
            $"{_tensors.Path}: the stored positions, {Name}, are not sinusoids as fairseq, Marian or Hugging Face "
                + "compute them: others cannot be read."
        );
    }

    private void PutInto(Transformer model, PieceRows rows, int padding)
    {
        using var noGradient = no_grad();
        var unread = _tensors
            .Names.Where(name => !name.EndsWith(".embed_positions.weight", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var scope = NewDisposeScope();
            var (names, value) = Read(name, rows, padding);
            if (!value.shape.SequenceEqual(parameter.shape))
            {
                throw new UserErrorException(
                    $"{_tensors.Path}: the tensor '{names[0]}' is [{string.Join(", ", value.shape)}], where "
                        + $"[{string.Join(", ", parameter.shape)}] is needed."
                );
            }

            parameter.copy_(value);
            unread.ExceptWith(names);
        }

        // Tied matrices may be stored under all their names.
        unread.ExceptWith([
            SharedName,
            $"{Start}{FairseqNames.SourceEmbedding}",
            $"{Start}{FairseqNames.TargetEmbedding}",
            "lm_head.weight",
        ]);
        if (unread.Order(StringComparer.Ordinal).FirstOrDefault() is { } left)
        {
            throw new UserErrorException(
                $"{_tensors.Path}: the file has a tensor '{left}' that the class marian does not have."
            );
        }
    }

    private (string[] Names, Tensor Value) Read(string parameter, PieceRows rows, int padding)
    {
        var source = IsShared ? SharedName : $"{Start}{FairseqNames.SourceEmbedding}";
        switch (parameter)
        {
            case "embeddings.shared":
            case "embeddings.source":
                return ([source], ForeignEmbeddings.Reordered(Floats(source), rows.Source));
            case "embeddings.target":
                return ([TargetEmbedding], ForeignEmbeddings.Reordered(Floats(TargetEmbedding), rows.Target));
            case "embeddings.output":
                return (["lm_head.weight"], ForeignEmbeddings.Reordered(Floats("lm_head.weight"), rows.Target));
            case "embeddings.output_bias":
                return ([BiasName], ForeignEmbeddings.Bias(BiasOfFile(), rows.Target, padding));
            default:
                var name = Start + FairseqNames.OfParameter(parameter);
                string[] names = FairseqNames.Separate(name) is { Count: > 0 } parts ? [.. parts] : [name];
                return (names, cat([.. names.Select(Floats)]));
        }
    }

    private Tensor BiasOfFile() => _tensors.Has(BiasName) ? Floats(BiasName).flatten() : zeros(TargetCount);

    private Tensor Floats(string name)
    {
        using var scope = NewDisposeScope();
        return _tensors.Read(name).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>What <c>config.json</c> says.</summary>
    private sealed record Config
    {
        public required string ModelType { get; init; }
        public required int DModel { get; init; }
        public required int EncoderLayers { get; init; }
        public required int DecoderLayers { get; init; }
        public required int EncoderAttentionHeads { get; init; }
        public required int DecoderAttentionHeads { get; init; }
        public required int EncoderFfnDim { get; init; }
        public required int DecoderFfnDim { get; init; }
        public required string ActivationFunction { get; init; }
        public required int VocabSize { get; init; }
        public required int DecoderStartTokenId { get; init; }
        public int EosTokenId { get; init; }
        public int? DecoderVocabSize { get; init; }
        public double Dropout { get; init; } = 0.1;
        public bool ScaleEmbedding { get; init; }
        public bool ShareEncoderDecoderEmbeddings { get; init; } = true;
        public bool TieWordEmbeddings { get; init; } = true;
        public int MaxPositionEmbeddings { get; init; } = 1024;

        [System.Text.Json.Serialization.JsonExtensionData]
        public Dictionary<string, JsonElement>? Others { get; init; }
    }
}
