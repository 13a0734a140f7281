using TorchSharp;
using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Products;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// The feed-forward branch with ReLU as one function for autograd, <c>(max(0, x W_1^T + b_1) m) W_2^T + b_2</c> with a
/// dropout mask m: for small models, whose products take no longer than the bookkeeping of eight operators.
/// </summary>
internal sealed class FeedForwardFunction : autograd.SingleTensorFunction<FeedForwardFunction>
{
    private const string ArgumentsName = "arguments";

    /// <inheritdoc/>
    public override string Name => nameof(FeedForwardFunction);

    /// <summary>
    /// Whether it can compute a branch and is faster: in the processor's memory, float32, whole vectors, and small.
    /// </summary>
    public static bool Serves(Tensor x, Linear inner, Linear outer)
    {
        var (dim, hidden) = (inner.Inputs, inner.Outputs);
        return inner.ComputeType is null
            && outer.ComputeType is null
            && x.device_type == DeviceType.CPU
            && x.dtype == ScalarType.Float32
            && inner.Weight.dtype == ScalarType.Float32
            && hidden % 16 == 0
            && MatrixProduct.IsSmall(x.numel() / dim, dim, hidden);
    }

    /// <summary>The branch's output, <c>[..., dim]</c>.</summary>
    /// <param name="x"><c>[..., dim]</c></param>
    /// <param name="inner"><c>W_1</c>, <c>b_1</c></param>
    /// <param name="outer"><c>W_2</c>, <c>b_2</c></param>
    /// <param name="dropout">m; null for none.</param>
    /// <param name="handover">Keeps the gradients while libtorch takes them.</param>
    public static Tensor Apply(Tensor x, Linear inner, Linear outer, DropoutMask? dropout, GradientHandover handover)
    {
        using var scope = NewDisposeScope();
        var arguments = new Arguments(inner, outer, dropout, handover);
        var input = x.contiguous();
        var output = is_grad_enabled()
            ? apply(input, inner.Weight, inner.Bias, outer.Weight, outer.Bias, arguments)
            : Compute(input, arguments).Output;
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, arguments) = ((Tensor)vars[0], (Arguments)vars[5]);
        var (output, hidden) = Compute(x, arguments);
        ctx.save_for_backward([x, hidden]);
        ctx.save_data(ArgumentsName, arguments);
        return output;
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var saved = ctx.get_saved_variables();
        var (x, hidden) = (saved[0], saved[1]);
        var arguments = (Arguments)ctx.get_data(ArgumentsName);
        var (inner, outer) = (arguments.Inner, arguments.Outer);
        var (toW1, toB1) = (new ParameterGradient(inner.Weight), new ParameterGradient(inner.Bias));
        var (toW2, toB2) = (new ParameterGradient(outer.Weight), new ParameterGradient(outer.Bias));
        var (gradient, toX, toHidden) = (grad_output.contiguous(), empty_like(x), empty_like(hidden));
        var g = Address(gradient);
        var h = Address(hidden);
        var d = Address(toHidden);
        var rows = (int)(x.numel() / inner.Inputs);

        outer.Kernel.ToParameters(h, g, rows, toW2.Start, toB2.Start);
        outer.Kernel.ToInput(g, rows, d);
        new ReluRow(arguments.Dropout).Backward(h, d, hidden.numel());
        inner.Kernel.ToParameters(Address(x), d, rows, toW1.Start, toB1.Start);
        inner.Kernel.ToInput(d, rows, Address(toX));
        return arguments.Handover.Hand(toX, toW1.Handed, toB1.Handed, toW2.Handed, toB2.Handed, null);
    }

    private static unsafe (Tensor Output, Tensor Hidden) Compute(Tensor x, Arguments arguments)
    {
        var rows = (int)(x.numel() / arguments.Inner.Inputs);
        var (output, hidden) = (empty_like(x), empty(rows, arguments.Inner.Outputs));
        arguments.Inner.Kernel.Forward(Address(x), rows, Address(hidden));
        new ReluRow(arguments.Dropout).Forward(Address(hidden), hidden.numel());
        arguments.Outer.Kernel.Forward(Address(hidden), rows, Address(output));
        return (output, hidden);
    }

    private static unsafe float* Address(Tensor tensor) => TensorMemory.Of<float>(tensor);

    private sealed record Arguments(Linear Inner, Linear Outer, DropoutMask? Dropout, GradientHandover Handover);
}
