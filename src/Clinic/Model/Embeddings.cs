using TorchSharp;
using TorchSharp.Modules;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// The matrices between token ids and the residual stream: source and target embeddings and the output
/// projection, shared as the options say. All are <c>[vocabulary, dim]</c>, drawn from N(0, 1/dim); with
/// <see cref="ModelOptions.FixNorm"/>, from U(-0.01, 0.01). The projection's bias is <c>[vocabulary]</c>, zeros.
/// </summary>
/// <remarks>Parameters are looked up, not kept: moving a module to another type or device replaces them.</remarks>
internal sealed class Embeddings : nn.Module
{
    /// <summary>The shortest vector that <see cref="ModelOptions.FixNorm"/> divides by its own length.</summary>
    public const double ShortestVector = 1e-12;

    private const string Bias = EmbeddingNames.Bias;

    private readonly string _source;
    private readonly string _target;
    private readonly string _output;
    private readonly bool _hasBias;
    private readonly bool _fixNorm;

    /// <summary>Freshly drawn matrices.</summary>
    public Embeddings(ModelOptions options, int vocabulary, long padding, ParameterInitializer initializer)
        : base(nameof(Embeddings))
    {
        (_source, _target, _output) = EmbeddingNames.Of(options.SharedEmbeddings);
        foreach (var name in new[] { _source, _target, _output }.Distinct())
        {
            var gain = GainOf(name, options);
            register_parameter(
                name,
                options.FixNorm
                    ? initializer.UnitEmbedding(vocabulary, options.Dim, gain)
                    : initializer.Embedding(vocabulary, options.Dim, padding, gain)
            );
        }

        _fixNorm = options.FixNorm;
        _hasBias = options.OutputBias;
        if (_hasBias)
        {
            register_parameter(Bias, ParameterInitializer.Zeros(vocabulary));
        }
    }

    /// <summary>Source embedding.</summary>
    public Parameter Source => get_parameter(_source)!;

    /// <summary>Target embedding.</summary>
    public Parameter Target => get_parameter(_target)!;

    /// <summary>Output projection.</summary>
    public Parameter Output => get_parameter(_output)!;

    /// <summary>
    /// The output projection's bias; null unless the options ask for one. Minus infinity rules a word out.
    /// </summary>
    public Parameter? OutputBias => _hasBias ? get_parameter(Bias) : null;

    /// <summary>
    /// Rows <c>[..., dim]</c> of a matrix as they are used: with <see cref="ModelOptions.FixNorm"/>
    /// <c>w / max(|w|, 1e-12)</c>, the bound as in tnq177/transformers_without_tears.
    /// </summary>
    public Tensor Used(Tensor rows) =>
        _fixNorm ? nn.functional.normalize(rows, p: 2, dim: -1, eps: ShortestVector) : rows;

    /// <summary>
    /// Which words the output bias rules out, boolean <c>[vocabulary]</c>; null where it rules out none. On devices,
    /// which one would have to wait for, it may be none of them.
    /// </summary>
    public Tensor? RuledOut()
    {
        if (OutputBias is not { } bias)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var found = bias.isneginf();
        return found.device_type != DeviceType.CPU || found.any().item<bool>() ? found.MoveToOuterDisposeScope() : null;
    }

    /// <summary>
    /// The gain of the stack that reads a matrix; of the encoder where both read it, as T-Fixup's authors have it.
    /// </summary>
    private double GainOf(string name, ModelOptions options) =>
        name == _source ? Gain(options.Encoder, StackRole.Encoder, options)
        : name == _target ? Gain(options.Decoder, StackRole.Decoder, options)
        : 1;

    private static double Gain(StackOptions stack, StackRole role, ModelOptions options) =>
        ResidualTraits.EmbeddingGain(
            stack.Residuals,
            new StackShape(role, options.Encoder.Layers, options.Decoder.Layers)
        );

    /// <summary>
    /// Whether minus infinity may be among a parameter's values: in the output bias, where it rules a word out.
    /// </summary>
    internal static bool MayRuleOut(string parameter) => parameter == EmbeddingNames.Module + "." + Bias;
}
