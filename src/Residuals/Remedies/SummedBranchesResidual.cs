using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// A connection with a second stream r next to x, which adds up the branches: <see cref="ResidualForm.Sum"/>. The state
/// is <c>[x, r]</c>, <c>[..., 2 dim]</c>.
/// </summary>
public abstract class SummedBranchesResidual : ResidualConnection
{
    private readonly Scalar _start;
    private readonly Scalar _scale;

    /// <summary>The connection of a place.</summary>
    /// <param name="name">The module's name, that of its type.</param>
    /// <param name="place">The place.</param>
    /// <param name="form">The equation, whose normalizations the derived type registers.</param>
    private protected SummedBranchesResidual(string name, ResidualPlace place, ResidualForm form)
        : base(name, Width(place))
    {
        Form = form;
        (_start, _scale) = (form.Sum!.Start, form.Sum.Scale);
    }

    /// <inheritdoc/>
    public override Tensor BeginStack(Tensor x)
    {
        using var scope = NewDisposeScope();
        var stream = Form!.Sum!.Entry is { } entry ? entry.Apply(x) : x;
        return Both(stream, x.mul(_start)).MoveToOuterDisposeScope();
    }

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
    public override Tensor BranchInput(Tensor x)
    {
        if (Form!.Sum!.Read is not { } read)
        {
            return Form.BranchInput(StreamOf(x));
        }

        using var scope = NewDisposeScope();
        return Form.BranchInput(StreamOf(x).add(read.Apply(SumOf(x)), HeldConstants.One)).MoveToOuterDisposeScope();
    }

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
