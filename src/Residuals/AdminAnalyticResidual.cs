using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>x_i = LN(x_{i-1} * omega + f_i(x_{i-1}))</c> with the omega of <see cref="AnalyticOmega"/>, the same in all
/// connections of a stack (the package admin-torch 0.1.0). There is nothing to profile.
/// </summary>
public sealed class AdminAnalyticResidual : PostNormResidual
{
    private const string OmegaName = "omega";
    private readonly double _initial;
    private readonly Scalar? _constant;

    /// <summary>A connection of a stack of <paramref name="residuals"/>.</summary>
    /// <param name="dim">Width of the residual stream.</param>
    /// <param name="residuals">Residual connections of the whole stack.</param>
    /// <param name="options">Growth, shape and training of omega; by default O(log n), one constant scalar.</param>
    /// <param name="norm">What the sum goes through; a layer normalisation if null.</param>
    public AdminAnalyticResidual(
        int dim,
        int residuals,
        AnalyticOptions? options = null,
        nn.Module<Tensor, Tensor>? norm = null
    )
        : base(nameof(AdminAnalyticResidual), dim, norm)
    {
        options ??= new AnalyticOptions();
        _initial = AnalyticOmega.Of(residuals, options.OutputChange);
        if (!options.Trainable)
        {
            _constant = _initial;
            return;
        }

        using Scalar value = _initial;
        var omega = new Parameter(full(options.Shape == OmegaShape.Vector ? dim : 1, value));
        omega.DetachFromDisposeScope();
        register_parameter(OmegaName, omega);
    }

    /// <summary>
    /// The shortcut's scale where it is trained, <c>[1]</c> or <c>[dim]</c>; null where it is constant.
    /// </summary>
    public Parameter? Omega => _constant is null ? get_parameter(OmegaName) : null;

    /// <inheritdoc/>
    public override double[] ShortcutScale()
    {
        using var scope = NewDisposeScope();
        return Omega is { } omega
            ? omega.detach().to(ScalarType.Float64).cpu().expand(Dim).contiguous().data<double>().ToArray()
            : Repeated(_initial);
    }

    /// <inheritdoc/>
    protected override Tensor Sum(Tensor shortcut, Tensor branch) =>
        _constant is { } omega ? branch.add(shortcut, omega) : branch.addcmul(shortcut, Omega!, HeldScalars.One);
}
