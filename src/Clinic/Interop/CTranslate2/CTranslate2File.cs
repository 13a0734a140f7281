using System.Text;
using TorchSharp;
using TransformerClinic.Model;
using static TorchSharp.torch;
using LayerNorm = TorchSharp.Modules.LayerNorm;

namespace TransformerClinic.Interop.CTranslate2;

/// <summary>
/// A plain Post-LN or Pre-LN model as CTranslate2's <c>model.bin</c>: binary version 6, TransformerSpec revision 7
/// (CTranslate2 4.8.1, python/ctranslate2/specs/model_spec.py and transformer_spec.py; src/models/model.cc). Matrices
/// are float32, or int8 as CTranslate2 quantizes: each row by its largest absolute value,
/// <c>q = round(127 w / max|w|)</c>, with the scale <c>127 / max|w|</c>.
/// </summary>
/// <remarks>
/// The position table is always stored: CTranslate2's own begins with another row. An input scale of a stack is taken
/// by that stack's embedding and position table, which CTranslate2 keeps apart from the other stack's.
/// </remarks>
internal sealed class CTranslate2File
{
    internal const uint BinaryVersion = 6;
    internal const uint Revision = 7;
    internal const string Specification = "TransformerSpec";

    internal const string Encoder = "encoder";
    internal const string Decoder = "decoder";
    internal const string SourceEmbedding = $"{Encoder}/embeddings_0";
    internal const string TargetEmbedding = $"{Decoder}/embeddings";
    internal const string Projection = $"{Decoder}/projection";
    internal const string ZeroStart = $"{Decoder}/start_from_zero_embedding";

    private const sbyte ActivationRelu = 0;
    private const sbyte ActivationSwish = 2;
    private const sbyte ActivationGelu = 3;

    /// <summary>What has the same value in every model of ours.</summary>
    internal static readonly IReadOnlyList<(string Name, CTranslate2Variable Value)> Constants =
    [
        ($"{Encoder}/embeddings_merge", CTranslate2Variable.Of((sbyte)0)),
        ($"{Encoder}/multi_query_attention", CTranslate2Variable.Of((sbyte)0)),
        ($"{Decoder}/alignment_layer", CTranslate2Variable.Of((short)-1)),
        ($"{Decoder}/alignment_heads", CTranslate2Variable.Of((short)1)),
        ($"{Decoder}/alibi", CTranslate2Variable.Of((sbyte)0)),
        ($"{Decoder}/alibi_use_positive_positions", CTranslate2Variable.Of((sbyte)0)),
        ($"{Decoder}/scale_alibi", CTranslate2Variable.Of((sbyte)0)),
    ];

    private readonly Transformer _model;
    private readonly bool _quantized;
    private readonly SortedDictionary<string, CTranslate2Variable> _variables = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _aliases = new(StringComparer.Ordinal);

    private CTranslate2File(Transformer model, bool quantized) => (_model, _quantized) = (model, quantized);

    /// <summary>Writes a model.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="model">The model, plain Post-LN or Pre-LN.</param>
    /// <param name="quantized">Whether matrices are int8.</param>
    public static void Write(Stream stream, Transformer model, bool quantized)
    {
        using var noGradient = no_grad();
        var file = new CTranslate2File(model, quantized);
        file.AddModel();
        file.Write(stream);
    }

    /// <summary>The numbers that describe a stack.</summary>
    internal static IReadOnlyList<(string Name, CTranslate2Variable Value)> ConstantsOf(
        string stack,
        ModelOptions options,
        bool isPreNorm
    ) =>
        [
            ($"{stack}/num_heads", CTranslate2Variable.Of((short)options.Heads)),
            ($"{stack}/pre_norm", CTranslate2Variable.Of((sbyte)(isPreNorm ? 1 : 0))),
            (
                $"{stack}/activation",
                CTranslate2Variable.Of(
                    options.Activation switch
                    {
                        Activation.Relu => ActivationRelu,
                        Activation.Swish => ActivationSwish,
                        _ => ActivationGelu,
                    }
                )
            ),
            ($"{stack}/scale_embeddings", CTranslate2Variable.Of((float)Math.Sqrt(options.Dim))),
        ];

    /// <summary>The position table, from the row of the first token.</summary>
    internal static Tensor PositionsOf(Transformer model) =>
        model.Positions.Table.narrow(0, SinusoidalPositions.FirstRow, model.Options.MaxPositions);

    /// <summary>What the names of a sublayer's variables begin with.</summary>
    internal static string NameOf(SublayerAddress address)
    {
        var layer = $"{(address.Stack == StackName.Encoder ? Encoder : Decoder)}/layer_{address.Layer}";
        return address.Kind switch
        {
            SublayerKind.SelfAttention => $"{layer}/self_attention",
            SublayerKind.CrossAttention => $"{layer}/attention",
            _ => $"{layer}/ffn",
        };
    }

    private void AddModel()
    {
        AddStack(Encoder, _model.Encoder.FinalLayerNorm, _model.Encoder.InputScale);
        AddStack(Decoder, _model.Decoder.FinalLayerNorm, _model.Decoder.InputScale);
        AddEmbedding(SourceEmbedding, _model.Embeddings.Source, _model.Encoder.InputScale);
        AddEmbedding(TargetEmbedding, _model.Embeddings.Target, _model.Decoder.InputScale);
        AddMatrix(Projection, _model.Embeddings.Output);
        if (_model.Embeddings.OutputBias is { } bias)
        {
            Add($"{Projection}/bias", CTranslate2Variable.Of(bias));
        }

        Add(ZeroStart, CTranslate2Variable.Of((sbyte)(_model.Options.ZeroStart ? 1 : 0)));
        AddAll(Constants);
        foreach (var (address, sublayer) in SublayerAddress.AllOf(_model))
        {
            AddSublayer(NameOf(address), sublayer, address.ReadsMemory);
        }
    }

    private void AddStack(string name, LayerNorm? finalNorm, Tensor? inputScale)
    {
        using var scope = NewDisposeScope();
        var table = PositionsOf(_model);
        AddAll(ConstantsOf(name, _model.Options, finalNorm is not null));
        Add(
            $"{name}/position_encodings/encodings",
            CTranslate2Variable.Of(inputScale is null ? table : table * inputScale)
        );
        if (finalNorm is not null)
        {
            AddNorm($"{name}/layer_norm", finalNorm);
        }
    }

    private void AddEmbedding(string name, Tensor embedding, Tensor? inputScale)
    {
        using var scope = NewDisposeScope();
        AddMatrix(name, inputScale is null ? embedding : embedding * inputScale);
    }

    private void AddSublayer(string name, Sublayer sublayer, bool readsMemory)
    {
        switch (sublayer.Branch)
        {
            case MultiHeadAttention attention when readsMemory:
                long dim = _model.Options.Dim;
                AddLinear($"{name}/linear_0", attention.InputProjection, 0, dim);
                AddLinear($"{name}/linear_1", attention.InputProjection, dim, 2 * dim);
                AddLinear($"{name}/linear_2", attention.OutputProjection);
                break;
            case MultiHeadAttention attention:
                AddLinear($"{name}/linear_0", attention.InputProjection);
                AddLinear($"{name}/linear_1", attention.OutputProjection);
                break;
            case FeedForward feedForward:
                AddLinear($"{name}/linear_0", feedForward.Inner);
                AddLinear($"{name}/linear_1", feedForward.Outer);
                break;
        }

        AddNorm($"{name}/layer_norm", PlainStacks.NormOf(sublayer.Residual));
    }

    private void AddLinear(string name, Linear linear) => AddLinear(name, linear, 0, linear.Weight.shape[0]);

    private void AddLinear(string name, Linear linear, long from, long rows)
    {
        using var scope = NewDisposeScope();
        AddMatrix(name, linear.Weight.narrow(0, from, rows));
        Add($"{name}/bias", CTranslate2Variable.Of(linear.Bias.narrow(0, from, rows)));
    }

    private void AddNorm(string name, LayerNorm norm)
    {
        Add($"{name}/gamma", CTranslate2Variable.Of(norm.weight!));
        Add($"{name}/beta", CTranslate2Variable.Of(norm.bias!));
    }

    /// <summary>A matrix; one that is there already under another name becomes an alias of it.</summary>
    private void AddMatrix(string name, Tensor matrix)
    {
        using var scope = NewDisposeScope();
        if (!_quantized)
        {
            Add($"{name}/weight", CTranslate2Variable.Of(matrix));
            return;
        }

        var values = matrix.detach().to(ScalarType.Float32);
        var largest = values.abs().amax([1]);
        using Scalar top = 127f,
            zero = 0f;
        var scales = where(largest.eq(zero), ones_like(largest), full_like(largest, top) / largest);
        Add($"{name}/weight", CTranslate2Variable.OfIntegers((values * scales.unsqueeze(1)).round()));
        Add($"{name}/weight_scale", CTranslate2Variable.Of(scales));
    }

    private void AddAll(IEnumerable<(string Name, CTranslate2Variable Value)> constants)
    {
        foreach (var (name, value) in constants)
        {
            Add(name, value);
        }
    }

    private void Add(string name, CTranslate2Variable variable)
    {
        var twin =
            variable.Shape.Length == 0
                ? null
                : _variables.FirstOrDefault(other => other.Value.HasContentOf(variable)).Key;
        if (twin is null)
        {
            _variables.Add(name, variable);
        }
        else
        {
            _aliases.Add(name, twin);
        }
    }

    private void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(BinaryVersion);
        CTranslate2Variable.WriteText(writer, Specification);
        writer.Write(Revision);
        writer.Write((uint)_variables.Count);
        foreach (var (name, variable) in _variables)
        {
            variable.Write(writer, name);
        }

        writer.Write((uint)_aliases.Count);
        foreach (var (alias, name) in _aliases)
        {
            CTranslate2Variable.WriteText(writer, alias);
            CTranslate2Variable.WriteText(writer, name);
        }
    }
}
