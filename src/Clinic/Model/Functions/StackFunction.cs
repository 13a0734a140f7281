using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// A whole stack as one function for autograd (<see cref="StackPass"/>): for small models, whose products take no
/// longer than the bookkeeping of a function for each branch and each end of a sublayer. The bits are the same.
/// </summary>
/// <remarks>
/// Autograd does not know its parameters, whose gradients are added where they belong: it is only for inputs that ask
/// for a gradient.
/// </remarks>
internal sealed class StackFunction : autograd.SingleTensorFunction<StackFunction>
{
    private const string PassName = "pass";
    private const string MemoryName = "memory";
    private const int FirstMask = 3;

    /// <inheritdoc/>
    public override string Name => nameof(StackFunction);

    /// <summary>The stack's output, <c>[batch, length, dim]</c>.</summary>
    /// <param name="inputs">Input, encoder's output and masks, each in contiguous memory.</param>
    /// <param name="pass">The sublayers, which read the masks.</param>
    public static Tensor Apply(StackInputs inputs, StackPass pass)
    {
        using var scope = NewDisposeScope();
        var output = is_grad_enabled()
            ? apply(inputs.X, inputs.Memory!, pass, inputs.Mask!, inputs.MemoryMask!)
            : pass.Forward(inputs.X, inputs.Memory, keeps: false).Output;
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, memory, pass) = ((Tensor)vars[0], (Tensor?)vars[1], (StackPass)vars[2]);
        var (output, kept) = pass.Forward(x, memory, keeps: true);
        ctx.save_for_backward([
            x,
            .. memory is null ? Array.Empty<Tensor>() : [memory],
            .. kept,
            .. vars.Skip(FirstMask).OfType<Tensor>(), // whose memory the pass reads again
        ]);
        ctx.save_data(PassName, pass);
        ctx.save_data(MemoryName, memory is not null);
        return output;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var saved = ctx.get_saved_variables();
        var pass = (StackPass)ctx.get_data(PassName);
        var memory = (bool)ctx.get_data(MemoryName) ? saved[1] : null;
        var (toX, toMemory) = pass.Backward(saved[0], memory, [.. saved.Skip(memory is null ? 1 : 2)], grad_output);
        return pass.Handover.Hand(toX, toMemory, null, null, null);
    }
}
