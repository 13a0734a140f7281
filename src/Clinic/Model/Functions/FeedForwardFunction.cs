using TorchSharp;
using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Products;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// The feed-forward branch with ReLU as one function for autograd (<see cref="FeedForwardPass"/>): for small models,
/// whose products take no longer than the bookkeeping of eight operators.
/// </summary>
internal sealed class FeedForwardFunction : autograd.SingleTensorFunction<FeedForwardFunction>
{
    private const string PassName = "pass";
    private const string HandoverName = "handover";

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
        var input = x.contiguous();
        var pass = new FeedForwardPass(inner, outer, dropout, (int)(x.numel() / inner.Inputs));
        var output = is_grad_enabled()
            ? apply(input, inner.Weight, inner.Bias, outer.Weight, outer.Bias, pass, handover)
            : Compute(input, pass).Output;
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, pass) = ((Tensor)vars[0], (FeedForwardPass)vars[5]);
        var (output, kept) = Compute(x, pass);
        ctx.save_for_backward([x, kept]);
        ctx.save_data(PassName, pass);
        ctx.save_data(HandoverName, vars[6]);
        return output;
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var saved = ctx.get_saved_variables();
        var (x, kept) = (saved[0], saved[1]);
        var pass = (FeedForwardPass)ctx.get_data(PassName);
        var (gradient, toX) = (grad_output.contiguous(), empty_like(x));
        using var work = new ScratchMemory<float>(pass.Work);
        var found = pass.Backward(
            Address(x),
            null,
            Address(kept),
            Address(gradient),
            work.Start,
            Address(toX),
            null,
            adds: true
        );
        return ((GradientHandover)ctx.get_data(HandoverName)).Hand([
            toX,
            .. found.Select(parameter => parameter.Handed),
            null,
            null,
        ]);
    }

    private static unsafe (Tensor Output, Tensor Kept) Compute(Tensor x, FeedForwardPass pass)
    {
        var (output, kept) = (empty_like(x), empty(pass.Kept));
        pass.Forward(Address(x), null, Address(kept), Address(output));
        return (output, kept);
    }

    private static unsafe float* Address(Tensor tensor) => TensorMemory.Of<float>(tensor);
}
