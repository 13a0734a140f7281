using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>x_i = LN(x_{i-1} * omega_i + f_i(x_{i-1}))</c>: Post-LN whose shortcut is scaled by a trainable vector (Liu et al. 2020,
/// section 4.3). Omega multiplies the shortcut, not the branch; it starts at 1, which is plain Post-LN, until a profiling
/// pass sets it (<see cref="AdminProfiling"/>).
/// </summary>
public sealed class AdminResidual : ResidualConnection
{
    // A scalar made for one call can be finalised, by a collection on another thread, while libtorch still reads it.
    private static readonly Scalar One = 1;

    private ProfilingChain? _chain;

    /// <summary>A connection with omega = 1.</summary>
    public AdminResidual(int dim)
        : base(nameof(AdminResidual), dim)
    {
        var omega = new Parameter(ones(dim));
        omega.DetachFromDisposeScope();
        register_parameter("omega", omega);
    }

    /// <summary>The shortcut's scale, <c>[dim]</c>, trained with the other parameters.</summary>
    /// <remarks>Looked up, not kept: moving a module to another type or device replaces its parameters.</remarks>
    public Parameter Omega => get_parameter("omega")!;

    /// <inheritdoc/>
    public override Tensor BranchInput(Tensor x) => x;

    /// <inheritdoc/>
    public override Tensor Combine(Tensor shortcut, Tensor branch)
    {
        _chain?.Observe(this, shortcut, branch);
        using var sum = branch.addcmul(shortcut, Omega, One);
        return Norm.forward(sum);
    }

    internal void Join(ProfilingChain? chain) => _chain = chain;
}
