using TorchSharp;
using TorchSharp.Modules;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary><see cref="NormalizedSum"/> with its gradient, for autograd: <c>LN(x * scale + f * mask)</c>.</summary>
internal sealed class NormalizedSumFunction : autograd.SingleTensorFunction<NormalizedSumFunction>
{
    private const string MaskName = "mask";
    private const string HandoverName = "handover";

    /// <inheritdoc/>
    public override string Name => nameof(NormalizedSum);

    /// <summary>Whether the kernel can compute it: in the processor's memory, float32, in whole vectors.</summary>
    public static bool Serves(Tensor x, Tensor f) =>
        x.device_type == DeviceType.CPU
        && x.dtype == ScalarType.Float32
        && f.dtype is ScalarType.Float32 or ScalarType.BFloat16
        && x.size(-1) % 16 == 0;

    /// <summary>
    /// Whether the kernel can compute a normalization: a layer normalization with gain and bias, and eps 1e-5.
    /// </summary>
    public static bool Serves(nn.Module norm) =>
        norm is LayerNorm { weight: not null, bias: not null, eps: NormalizedSum.Epsilon };

    /// <summary><c>LN(x * scale + f * mask)</c>, <c>[..., dim]</c>.</summary>
    /// <param name="x">The shortcut, float32 <c>[..., dim]</c>.</param>
    /// <param name="f">The branch's output before dropout, float32 or bfloat16, of the same shape.</param>
    /// <param name="scale">The shortcut's scale, <c>[dim]</c>; null for 1.</param>
    /// <param name="weight">Of the normalization, <c>[dim]</c>.</param>
    /// <param name="bias">Of the normalization, <c>[dim]</c>.</param>
    /// <param name="mask">The branch's dropout; null for none.</param>
    /// <param name="handover">Keeps the gradients while libtorch takes them.</param>
    public static Tensor Apply(
        Tensor x,
        Tensor f,
        Tensor? scale,
        Tensor weight,
        Tensor bias,
        DropoutMask? mask,
        GradientHandover handover
    )
    {
        using var scope = NewDisposeScope();
        var (shortcut, branch) = (x.contiguous(), f.contiguous());
        var output = is_grad_enabled()
            ? apply(shortcut, branch, scale!, weight, bias, mask!, handover)
            : Compute(shortcut, branch, scale, weight, bias, mask).Output;
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, f, scale, weight, bias, mask) = (
            (Tensor)vars[0],
            (Tensor)vars[1],
            (Tensor?)vars[2],
            (Tensor)vars[3],
            (Tensor)vars[4],
            (DropoutMask?)vars[5]
        );
        var (output, mean, deviation) = Compute(x, f, scale, weight, bias, mask);
        ctx.save_for_backward([
            x,
            f,
            weight,
            bias,
            mean,
            deviation,
            .. scale is null ? Array.Empty<Tensor>() : [scale],
        ]);
        ctx.save_data(MaskName, mask!);
        ctx.save_data(HandoverName, vars[6]);
        return output;
    }

    /// <inheritdoc/>
    public override unsafe List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var saved = ctx.get_saved_variables();
        var (x, f, weight, bias, mean, deviation) = (saved[0], saved[1], saved[2], saved[3], saved[4], saved[5]);
        var scale = saved.ElementAtOrDefault(6);
        var gradient = grad_output.contiguous();
        var (toX, toF, toWeight, toBias) = (empty_like(x), empty_like(f), zeros_like(weight), zeros_like(bias));
        var toScale = scale is null ? null : zeros_like(scale);
        var kernel = Kernel(x, scale, weight, bias, (DropoutMask?)ctx.get_data(MaskName));
        if (f.dtype == ScalarType.BFloat16)
        {
            kernel.Backward<ushort, Bfloat16>(
                Address(x),
                TensorMemory.Of<ushort>(f),
                Address(mean),
                Address(deviation),
                Address(gradient),
                Address(toX),
                TensorMemory.Of<ushort>(toF),
                Address(toScale),
                Address(toWeight),
                Address(toBias)
            );
        }
        else
        {
            kernel.Backward<float, Float32>(
                Address(x),
                Address(f),
                Address(mean),
                Address(deviation),
                Address(gradient),
                Address(toX),
                Address(toF),
                Address(toScale),
                Address(toWeight),
                Address(toBias)
            );
        }

        return ((GradientHandover)ctx.get_data(HandoverName)).Hand(toX, toF, toScale, toWeight, toBias, null, null);
    }

    private static unsafe (Tensor Output, Tensor Mean, Tensor Deviation) Compute(
        Tensor x,
        Tensor f,
        Tensor? scale,
        Tensor weight,
        Tensor bias,
        DropoutMask? mask
    )
    {
        var rows = x.numel() / x.size(-1);
        var (output, mean, deviation) = (empty_like(x), empty(rows), empty(rows));
        var kernel = Kernel(x, scale, weight, bias, mask);
        if (f.dtype == ScalarType.BFloat16)
        {
            kernel.Forward<ushort, Bfloat16>(
                Address(x),
                TensorMemory.Of<ushort>(f),
                Address(output),
                Address(mean),
                Address(deviation)
            );
        }
        else
        {
            kernel.Forward<float, Float32>(Address(x), Address(f), Address(output), Address(mean), Address(deviation));
        }

        return (output, mean, deviation);
    }

    private static unsafe NormalizedSum Kernel(Tensor x, Tensor? scale, Tensor weight, Tensor bias, DropoutMask? mask)
    {
        var dim = (int)x.size(-1);
        return new NormalizedSum((int)(x.numel() / dim), dim, Address(scale), Address(weight), Address(bias), mask);
    }

    private static unsafe float* Address(Tensor? tensor) => TensorMemory.Of<float>(tensor);
}
