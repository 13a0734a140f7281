using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// A whole branch as one function for autograd (<see cref="IBranchPass"/>): for small models, whose products take no
/// longer than the bookkeeping of as many operators.
/// </summary>
internal sealed class BranchFunction : autograd.SingleTensorFunction<BranchFunction>
{
    private const string PassName = "pass";
    private const string HandoverName = "handover";

    /// <inheritdoc/>
    public override string Name => nameof(BranchFunction);

    /// <summary>The branch's output, shaped as x.</summary>
    /// <param name="x">The branch's input, rows <c>[dim]</c>.</param>
    /// <param name="memory">The encoder's output, for a branch that reads it; null otherwise.</param>
    /// <param name="mask">A tensor in contiguous memory that the pass reads; null for none.</param>
    /// <param name="pass">Computes the branch.</param>
    /// <param name="handover">Keeps the gradients while libtorch takes them.</param>
    public static Tensor Apply(Tensor x, Tensor? memory, Tensor? mask, IBranchPass pass, GradientHandover handover)
    {
        using var scope = NewDisposeScope();
        var (input, read) = (x.contiguous(), memory?.contiguous());
        var output = is_grad_enabled()
            ? apply([input, read!, mask!, pass, handover, .. pass.Parameters])
            : Compute(input, read, pass).Output;
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, memory, mask) = ((Tensor)vars[0], (Tensor?)vars[1], (Tensor?)vars[2]);
        var pass = (IBranchPass)vars[3];
        var (output, kept) = Compute(x, memory, pass);
        // The pass reads the mask's memory again.
        ctx.save_for_backward([x, kept, .. new[] { memory, mask }.OfType<Tensor>()]);
        ctx.save_data(PassName, pass);
        ctx.save_data(HandoverName, vars[4]);
        return output;
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var saved = ctx.get_saved_variables();
        var pass = (IBranchPass)ctx.get_data(PassName);
        var (x, kept) = (saved[0], saved[1]);
        var memory = pass.ReadsMemory ? saved[2] : null;
        var gradient = grad_output.contiguous();
        var (toX, toMemory) = (empty_like(x), memory is null ? null : empty_like(memory));
        using var work = new ScratchMemory<float>(pass.Work);
        var found = pass.Backward(
            Address(x),
            Address(memory),
            Address(kept),
            Address(gradient),
            work.Start,
            Address(toX),
            Address(toMemory),
            adds: true
        );
        return ((GradientHandover)ctx.get_data(HandoverName)).Hand([
            toX,
            toMemory,
            null,
            null,
            null,
            .. found.Select(parameter => parameter.Handed),
        ]);
    }

    private static unsafe (Tensor Output, Tensor Kept) Compute(Tensor x, Tensor? memory, IBranchPass pass)
    {
        var (output, kept) = (empty_like(x), empty(pass.Kept));
        pass.Forward(Address(x), Address(memory), Address(kept), Address(output));
        return (output, kept);
    }

    private static unsafe float* Address(Tensor? tensor) => TensorMemory.Of<float>(tensor);
}
