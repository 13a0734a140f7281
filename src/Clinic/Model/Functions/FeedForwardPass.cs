using TorchSharp;
using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Products;
using static TorchSharp.torch;

namespace TransformerClinic.Model.Functions;

/// <summary>
/// The feed-forward branch with ReLU in one pass, <c>(max(0, x W_1^T + b_1) m) W_2^T + b_2</c> with a dropout mask m;
/// what is kept is the hidden layer.
/// </summary>
/// <param name="inner"><c>W_1</c>, <c>b_1</c></param>
/// <param name="outer"><c>W_2</c>, <c>b_2</c></param>
/// <param name="dropout">m; null for none.</param>
/// <param name="rows">Rows of x.</param>
internal sealed unsafe class FeedForwardPass(Linear inner, Linear outer, DropoutMask? dropout, int rows) : IBranchPass
{
    private readonly LinearRows _inner = inner.Kernel;
    private readonly LinearRows _outer = outer.Kernel;
    private readonly ReluRow _activation = new(dropout);

    /// <inheritdoc/>
    public long Kept => (long)rows * inner.Outputs;

    /// <inheritdoc/>
    public long Work => Kept;

    /// <inheritdoc/>
    public bool ReadsMemory => false;

    /// <inheritdoc/>
    public Tensor[] Parameters => [inner.Weight, inner.Bias, outer.Weight, outer.Bias];

    /// <summary>
    /// Whether it can compute a branch and is faster: in the processor's memory, float32, whole vectors.
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
            && MatrixProduct.IsFaster(x.numel() / dim, dim, hidden);
    }

    /// <inheritdoc/>
    public void Forward(float* x, float* memory, float* kept, float* y)
    {
        _inner.Forward(x, rows, kept);
        _activation.Forward(kept, Kept);
        _outer.Forward(kept, rows, y);
    }

    /// <inheritdoc/>
    public ParameterGradient[] Backward(
        float* x,
        float* memory,
        float* kept,
        float* gradient,
        float* work,
        float* toX,
        float* toMemory,
        bool adds
    )
    {
        var (toW1, toB1) = (new ParameterGradient(inner.Weight), new ParameterGradient(inner.Bias));
        var (toW2, toB2) = (new ParameterGradient(outer.Weight), new ParameterGradient(outer.Bias));
        _outer.ToParameters(kept, gradient, rows, toW2.Start, toB2.Start, adds);
        _outer.ToInput(gradient, rows, work);
        _activation.Backward(kept, work, Kept);
        _inner.ToParameters(x, work, rows, toW1.Start, toB1.Start, adds);
        _inner.ToInput(work, rows, toX);
        return [toW1, toB1, toW2, toB2];
    }
}
