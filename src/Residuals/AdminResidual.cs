using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>x_i = LN(x_{i-1} * omega_i + f_i(x_{i-1}))</c>: Post-LN whose shortcut is scaled by a trainable vector (Liu et
/// al. 2020, section 4.3). Omega multiplies the shortcut, not the branch; it starts at 1, which is plain Post-LN, until
/// a profiling pass sets it (<see cref="AdminProfiler"/>), or <see cref="AnalyticOmega"/>.
/// </summary>
/// <remarks>
/// The first connection of a chain keeps omega = 1, so it may be frozen there, which costs nothing: omega is then no
/// parameter, and the connection needs no previous normalization to be folded into.
/// </remarks>
public class AdminResidual : PostNormResidual
{
    /// <summary>A connection with omega = 1.</summary>
    /// <param name="dim">Width of the residual stream.</param>
    /// <param name="frozen">Whether omega stays 1 and is not a parameter; for the first connection of a chain.</param>
    /// <param name="norm">
    /// What the sum goes through; a layer normalization if null, <c>nn.Identity()</c> for a network that normalizes by
    /// itself. One that is given keeps its device and type.
    /// </param>
    /// <param name="device">Where its parameters are; torch's default device if null.</param>
    /// <param name="dtype">Their type; torch's default type if null.</param>
    public AdminResidual(
        long dim,
        bool frozen = false,
        nn.Module<Tensor, Tensor>? norm = null,
        Device? device = null,
        ScalarType? dtype = null
    )
        : this(nameof(AdminResidual), dim, frozen, norm, device, dtype) { }

    private protected AdminResidual(
        string name,
        long dim,
        bool frozen,
        nn.Module<Tensor, Tensor>? norm,
        Device? device,
        ScalarType? dtype
    )
        : base(name, dim, norm, device, dtype)
    {
        IsFrozen = frozen;
        Form = NormalizedSum(
            frozen ? ResidualScale.Of(1, ResidualScale.Omega) : ResidualScale.Of(() => Omega, ResidualScale.Omega)
        );
        if (frozen)
        {
            register_buffer(ResidualScale.Omega, ones(dim, dtype, device).DetachFromDisposeScope(), persistent: false);
        }
        else
        {
            var omega = new Parameter(ones(dim, dtype, device));
            omega.DetachFromDisposeScope();
            register_parameter(ResidualScale.Omega, omega);
        }
    }

    /// <summary>Whether omega is 1 for good.</summary>
    public bool IsFrozen { get; }

    /// <summary>The shortcut's scale, <c>[dim]</c>; a parameter trained with the others unless it is frozen.</summary>
    /// <remarks>Looked up, not kept: moving a module to another type or device replaces its tensors.</remarks>
    public Tensor Omega => IsFrozen ? get_buffer(ResidualScale.Omega)! : get_parameter(ResidualScale.Omega)!;

    /// <summary>What omega was set to before training, and why; null while nothing has set it.</summary>
    public OmegaSetting? Setting { get; private set; }

    internal ProfilingSession? Session { private get; set; }

    internal override bool IsProfiled => true;

    internal override bool DoesMoreThanItsForm => Session is not null || base.DoesMoreThanItsForm;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor shortcut, Tensor branch)
    {
        Session?.Observe(this, shortcut, branch);
        return base.Compute(shortcut, branch);
    }

    /// <summary>The omega that this connection carries during a profiling pass.</summary>
    internal virtual double OmegaDuringPass(ChainPosition position) => position.RunningRatio;

    /// <summary>The omega that a profiling pass sets in the end.</summary>
    internal virtual OmegaSetting OmegaAfterPass(ChainPosition position) =>
        position.IsFirst
            ? new OmegaSetting(
                position.RunningRatio,
                "The first connection of its chain: the running ratio starts at 1."
            )
            : new OmegaSetting(
                position.RunningRatio,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"sqrt(Var[x * omega] + Var[f(x)]) of the connection before: "
                        + $"sqrt({position.ShortcutVarianceBefore:0.0000} + {position.BranchVarianceBefore:0.0000})."
                )
            );

    /// <summary>Sets every channel of omega.</summary>
    internal void Set(OmegaSetting setting)
    {
        Fill(setting.Omega);
        Setting = setting;
    }

    /// <summary>Gives every channel of omega one value.</summary>
    /// <exception cref="InvalidOperationException">Omega is frozen at 1 and the value is another.</exception>
    internal void Fill(double value)
    {
        if (IsFrozen && value != 1)
        {
            throw new InvalidOperationException(
                $"An omega that is frozen at 1 cannot become {value}: only the first connection of a chain may be "
                    + "frozen."
            );
        }

        using var noGradient = no_grad();
        using Scalar omega = value;
        Omega.fill_(omega);
    }
}

/// <summary>The value that an omega was given before training, and where it comes from.</summary>
/// <param name="Omega">The value of every channel.</param>
/// <param name="Why">The rule and its numbers, in words.</param>
public sealed record OmegaSetting(double Omega, string Why);
