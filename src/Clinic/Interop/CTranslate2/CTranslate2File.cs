using System.Text;
using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
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
    private const uint BinaryVersion = 6;
    private const uint Revision = 7;
    private const string Specification = "TransformerSpec";
    private const sbyte ActivationRelu = 0;
    private const sbyte ActivationGelu = 3;

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
        file.AddEncoder();
        file.AddDecoder();
        file.Write(stream);
    }

    private void AddEncoder()
    {
        AddStack("encoder", _model.Encoder.FinalNorm, _model.Encoder.InputScale);
        AddEmbedding("encoder/embeddings_0", _model.Embeddings.Source, _model.Encoder.InputScale);
        Add("encoder/embeddings_merge", CTranslate2Variable.Of((sbyte)0));
        Add("encoder/multi_query_attention", CTranslate2Variable.Of((sbyte)0));
        foreach (var (number, layer) in _model.Encoder.Layers.Index())
        {
            AddSelfAttention($"encoder/layer_{number}/self_attention", layer.SelfAttention);
            AddFeedForward($"encoder/layer_{number}/ffn", layer.FeedForward);
        }
    }

    private void AddDecoder()
    {
        AddStack("decoder", _model.Decoder.FinalNorm, _model.Decoder.InputScale);
        AddEmbedding("decoder/embeddings", _model.Embeddings.Target, _model.Decoder.InputScale);
        AddMatrix("decoder/projection", _model.Embeddings.Output);
        Add("decoder/alignment_layer", CTranslate2Variable.Of((short)-1));
        Add("decoder/alignment_heads", CTranslate2Variable.Of((short)1));
        string[] unused = ["alibi", "alibi_use_positive_positions", "scale_alibi", "start_from_zero_embedding"];
        foreach (var name in unused)
        {
            Add($"decoder/{name}", CTranslate2Variable.Of((sbyte)0));
        }

        foreach (var (number, layer) in _model.Decoder.Layers.Index())
        {
            AddSelfAttention($"decoder/layer_{number}/self_attention", layer.SelfAttention);
            AddCrossAttention($"decoder/layer_{number}/attention", layer.CrossAttention);
            AddFeedForward($"decoder/layer_{number}/ffn", layer.FeedForward);
        }
    }

    private void AddStack(string name, LayerNorm? finalNorm, Tensor? inputScale)
    {
        var activation = _model.Options.Activation == Activation.Relu ? ActivationRelu : ActivationGelu;
        Add($"{name}/num_heads", CTranslate2Variable.Of((short)_model.Options.Heads));
        Add($"{name}/pre_norm", CTranslate2Variable.Of((sbyte)(finalNorm is null ? 0 : 1)));
        Add($"{name}/activation", CTranslate2Variable.Of(activation));
        Add($"{name}/scale_embeddings", CTranslate2Variable.Of((float)Math.Sqrt(_model.Options.Dim)));
        using var scope = NewDisposeScope();
        var table = _model.Positions.Table.narrow(0, SinusoidalPositions.FirstRow, _model.Options.MaxPositions);
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

    private void AddSelfAttention(string name, Sublayer sublayer)
    {
        var attention = (MultiHeadAttention)sublayer.Branch;
        AddLinear($"{name}/linear_0", attention.InputProjection);
        AddLinear($"{name}/linear_1", attention.OutputProjection);
        AddNorm($"{name}/layer_norm", NormOf(sublayer.Residual));
    }

    private void AddCrossAttention(string name, Sublayer sublayer)
    {
        var attention = (MultiHeadAttention)sublayer.Branch;
        long dim = sublayer.Residual.Dim;
        AddLinear($"{name}/linear_0", attention.InputProjection, 0, dim);
        AddLinear($"{name}/linear_1", attention.InputProjection, dim, 2 * dim);
        AddLinear($"{name}/linear_2", attention.OutputProjection);
        AddNorm($"{name}/layer_norm", NormOf(sublayer.Residual));
    }

    private void AddFeedForward(string name, Sublayer sublayer)
    {
        var branch = (FeedForward)sublayer.Branch;
        AddLinear($"{name}/linear_0", branch.Inner);
        AddLinear($"{name}/linear_1", branch.Outer);
        AddNorm($"{name}/layer_norm", NormOf(sublayer.Residual));
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

    private static LayerNorm NormOf(ResidualConnection residual) =>
        (LayerNorm)(residual.Form!.After ?? residual.Form.Before)!.Module;
}
