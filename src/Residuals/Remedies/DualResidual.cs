using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// ResiDual (Xie et al. 2023): <c>x_i = LN(x_{i-1} + f_i(x_{i-1}))</c> and next to it <c>r_i = r_{i-1} + s * f_i</c>,
/// <c>r_0 = s * x_0</c>; the stack's output is <c>x_n + LN(r_n)</c>, the last normalization with eps 1e-7.
/// </summary>
/// <remarks>
/// s is 1, as in the authors' configurations for IWSLT and WMT; their 0.05 for OPUS-100 keeps half-precision numbers in
/// range and vanishes in the last normalization but for eps. The state is <c>[x, r]</c>, <c>[..., 2 dim]</c>.
/// </remarks>
public sealed class DualResidual : ResidualConnection
{
    /// <summary>What the last normalization adds to the variance, as in the authors' code.</summary>
    internal const double EndEpsilon = 1e-7;

    private readonly Scalar _scale;

    /// <summary>The connection of a place.</summary>
    /// <param name="place">The place.</param>
    /// <param name="scale">s.</param>
    public DualResidual(ResidualPlace place, double scale = 1)
        : base(nameof(DualResidual), Width(place))
    {
        _scale = scale;
        var norm = place.CreateNorm();
        register_module("norm", norm);
        nn.Module<Tensor, Tensor>? end = null;
        if (place.Index == place.Stack.Residuals - 1)
        {
            end = place.Norm.Create(place.Dim, place.Device, place.Dtype, EndEpsilon);
            register_module("end", end);
        }

        Form = new ResidualForm
        {
            After = new ScaledNorm(norm),
            Sum = new BranchSum(scale, end is null ? null : new ScaledNorm(end)),
            OnePass = false,
        };
    }

    /// <inheritdoc/>
    public override Tensor BeginStack(Tensor x) => Both(x, x.mul(_scale));

    /// <inheritdoc/>
    public override Tensor EndStack(Tensor state)
    {
        using var scope = NewDisposeScope();
        var end =
            Form!.Sum!.End
            ?? throw new InvalidOperationException("Only the last connection of a stack ends it, and this is another.");
        return StreamOf(state).add(end.Apply(SumOf(state)), HeldConstants.One).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor BranchInput(Tensor x) => StreamOf(x);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor shortcut, Tensor branch)
    {
        using var scope = NewDisposeScope();
        var form = Form!;
        var scaled = form.Branch.IsOne ? branch : form.Branch.Times(branch);
        return Both(form.Compute(StreamOf(shortcut), branch), SumOf(shortcut).add(scaled, _scale))
            .MoveToOuterDisposeScope();
    }

    private static Tensor Both(Tensor stream, Tensor sum) => cat([stream, sum], -1);

    private Tensor SumOf(Tensor state) =>
        state.size(-1) == 2 * Dim
            ? state.narrow(-1, Dim, Dim)
            : throw new ArgumentException(
                $"The state has {state.size(-1)} channels, not {2 * Dim}: {nameof(BeginStack)} makes it of the stack's "
                    + $"input, and {nameof(EndStack)} makes the stack's output of it.",
                nameof(state)
            );
}
