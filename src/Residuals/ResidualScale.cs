using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// A factor of a <see cref="ResidualForm"/>: a constant, or a tensor <c>[1]</c> or <c>[dim]</c>, trained or not.
/// </summary>
public sealed class ResidualScale
{
    /// <summary>The name that Admin's scale of the shortcut has.</summary>
    public const string Omega = "omega";

    private readonly Scalar? _constant;
    private readonly Func<Tensor>? _tensor;

    private ResidualScale(string? name, double? constant, Func<Tensor>? tensor)
    {
        (Name, Constant, _tensor) = (name, constant, tensor);
        _constant = constant is { } value ? (Scalar)value : null;
    }

    /// <summary>No factor.</summary>
    public static ResidualScale One { get; } = Of(1);

    /// <summary>What the factor is called, such as <c>omega</c>; null where it has no name.</summary>
    public string? Name { get; }

    /// <summary>Its value where it is a constant.</summary>
    public double? Constant { get; }

    /// <summary>The tensor as it is now; null for a constant.</summary>
    /// <remarks>Looked up, not kept: moving a module to another type or device replaces its tensors.</remarks>
    public Tensor? Tensor => _tensor?.Invoke();

    /// <summary>Whether it is the constant 1.</summary>
    public bool IsOne => Constant == 1;

    /// <summary>A constant.</summary>
    public static ResidualScale Of(double constant, string? name = null) => new(name, constant, tensor: null);

    /// <summary>A tensor, <c>[1]</c> or <c>[dim]</c>.</summary>
    /// <param name="tensor">
    /// Looks it up where it is registered, such as <c>() => get_parameter("omega")</c>.
    /// </param>
    /// <param name="name">What it is called.</param>
    public static ResidualScale Of(Func<Tensor> tensor, string name) => new(name, constant: null, tensor);

    /// <summary>The factor of each of <paramref name="dim"/> channels, as it is now.</summary>
    public double[] Values(long dim)
    {
        if (Constant is { } constant)
        {
            var values = new double[dim];
            Array.Fill(values, constant);
            return values;
        }

        using var scope = NewDisposeScope();
        return Tensor!.detach().to(ScalarType.Float64).cpu().expand(dim).contiguous().data<double>().ToArray();
    }

    /// <summary>The factor times one that a schedule sets, <c>[1]</c>.</summary>
    internal ResidualScale Scheduled(Func<Tensor> schedule, string name) =>
        _constant is { } constant
            ? Of(IsOne ? schedule : () => schedule().mul(constant), Name ?? name)
            : Of(() => Tensor!.mul(schedule()), Name!);

    /// <summary><c>x * scale</c></summary>
    internal Tensor Times(Tensor x) => _constant is { } constant ? x.mul(constant) : x.mul(Tensor!);

    /// <summary><c>sum + x * scale</c></summary>
    internal Tensor AddTo(Tensor sum, Tensor x) =>
        _constant is { } constant ? sum.add(x, constant) : sum.addcmul(x, Tensor!, HeldConstants.One);
}
