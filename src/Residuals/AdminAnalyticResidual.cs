using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>x_i = LN(x_{i-1} * omega + f_i(x_{i-1}))</c> with the omega of <see cref="AnalyticOmega"/>, the same in all
/// connections of a stack (the package admin-torch 0.1.0). There is nothing to profile. With
/// <see cref="AnalyticOptions.InnerNorm"/> it is <c>LN(x_{i-1} * omega + f_i(LN(x_{i-1})))</c>: together with
/// <see cref="OutputChange.Power"/> an axis on which Post-LN, DeepNorm, Admin and Keel are points.
/// </summary>
public sealed class AdminAnalyticResidual : PostNormResidual
{
    /// <summary>A connection of a stack of <paramref name="residuals"/>.</summary>
    /// <param name="dim">Width of the residual stream.</param>
    /// <param name="residuals">Residual connections of the whole stack.</param>
    /// <param name="options">Growth, shape and training of omega; by default O(log n), one constant scalar.</param>
    /// <param name="norm">
    /// What the sum goes through; a layer normalization if null. One that is given keeps its device and type.
    /// </param>
    /// <param name="device">Where its parameters are; torch's default device if null.</param>
    /// <param name="dtype">Their type; torch's default type if null.</param>
    /// <param name="innerNorm">
    /// What the branch's input goes through, with <see cref="AnalyticOptions.InnerNorm"/>; a layer normalization if
    /// null.
    /// </param>
    public AdminAnalyticResidual(
        long dim,
        int residuals,
        AnalyticOptions? options = null,
        nn.Module<Tensor, Tensor>? norm = null,
        Device? device = null,
        ScalarType? dtype = null,
        nn.Module<Tensor, Tensor>? innerNorm = null
    )
        : base(nameof(AdminAnalyticResidual), dim, norm, device, dtype)
    {
        options ??= new AnalyticOptions();
        var initial = AnalyticOmega.Of(residuals, options.OutputChange, options.Power);
        var scale = ResidualScale.Of(initial, ResidualScale.Omega);
        if (options.Trainable)
        {
            using Scalar value = initial;
            var omega = new Parameter(full(options.Shape == OmegaShape.Vector ? dim : 1, value, dtype, device));
            omega.DetachFromDisposeScope();
            register_parameter(ResidualScale.Omega, omega);
            scale = ResidualScale.Of(() => Omega!, ResidualScale.Omega);
        }

        ScaledNorm? before = null;
        if (options.InnerNorm)
        {
            before = new ScaledNorm(innerNorm ?? nn.LayerNorm(dim, device: device, dtype: dtype));
            register_module("before", before.Module);
        }

        // One operator after another: the stored results of its studies were computed so.
        Form = NormalizedSum(scale) with
        {
            Before = before,
            OnePass = false,
        };
    }

    /// <summary>
    /// The shortcut's scale where it is trained, <c>[1]</c> or <c>[dim]</c>; null where it is constant.
    /// </summary>
    public Parameter? Omega => Form!.Shortcut.Constant is null ? get_parameter(ResidualScale.Omega) : null;

    /// <inheritdoc/>
    public override bool IsScaledForDepth => true;
}
