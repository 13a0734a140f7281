using TorchSharp;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// The masks of <see cref="DropoutMask"/>, made where they are needed by libtorch's operators: the same bits as those
/// of the processor's kernel, and nothing is copied to the device. 32-bit numbers are computed as signed ones, whose
/// sums, products and bits are those of unsigned ones; shifts and comparisons are corrected.
/// </summary>
internal sealed class MasksByOperators : IDisposable
{
    private const int FirstFactor = 0x7feb352d; // as in DropoutMask
    private const int SecondFactor = unchecked((int)0x846ca68b);

    private static readonly Scalar First = FirstFactor;
    private static readonly Scalar Second = SecondFactor;
    private static readonly Scalar Upper = 16;
    private static readonly Scalar LowerBits = 0xFFFF;
    private static readonly Scalar Middle = 15;
    private static readonly Scalar MiddleBits = 0x1FFFF;
    private static readonly Scalar Sign = int.MinValue;

    private Tensor _places = empty(0).DetachFromDisposeScope();

    /// <summary>A mask: each element 0 or 1/(1-p), of another tensor's shape, type and device.</summary>
    public Tensor Make(DropoutMask mask, Tensor like)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using Scalar start = unchecked((int)mask.Start),
            stride = unchecked((int)mask.Stride),
            threshold = unchecked((int)mask.Threshold) ^ int.MinValue,
            kept = mask.Kept;
        var x = Constant(start, like).add(Places(like), alpha: stride);
        Mix(x, Upper, LowerBits);
        x.mul_(First);
        Mix(x, Middle, MiddleBits);
        x.mul_(Second);
        Mix(x, Upper, LowerBits);
        x.bitwise_xor_(Constant(Sign, like)); // the order of signed numbers is then that of unsigned ones
        return where(x.ge(threshold), full([1], kept, like.dtype, like.device), zeros([1], like.dtype, like.device))
            .view(like.shape)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    /// <summary><c>x ^= x >>> by</c></summary>
    private static void Mix(Tensor x, Scalar by, Scalar bits)
    {
        // Shifted in zeros, not the sign.
        var shifted = x.bitwise_right_shift(Constant(by, x)).bitwise_and_(Constant(bits, x));
        x.bitwise_xor_(shifted);
        shifted.Dispose();
    }

    /// <summary>A number on the device, which its operators take without a copy from the processor.</summary>
    private static Tensor Constant(Scalar value, Tensor like) => full([1], value, ScalarType.Int32, like.device);

    /// <summary>0, 1, 2, ..., as many as another tensor has elements.</summary>
    private Tensor Places(Tensor like)
    {
        var count = like.numel();
        if (_places.numel() < count || _places.device_type != like.device_type)
        {
            using Scalar end = count;
            _places.Dispose();
            _places = arange(HeldScalars.Zero, end, HeldScalars.One, ScalarType.Int32, like.device)
                .DetachFromDisposeScope();
        }

        return _places.narrow(0, 0, count);
    }
}
