using static TorchSharp.torch;

namespace TransformerClinic.Kernels;

/// <summary>
/// Where a kernel adds a parameter's gradient: to the gradient that the parameter has, which saves autograd a tensor
/// and an addition; where it has none yet, to zeros that are handed to autograd.
/// </summary>
internal readonly unsafe struct ParameterGradient
{
    /// <summary>The gradient of a parameter in the processor's memory, float32.</summary>
    public ParameterGradient(Tensor parameter)
    {
        var own = parameter.grad;
        Handed = own is not null && own.is_contiguous() ? null : zeros_like(parameter);
        Start = TensorMemory.Of<float>(Handed ?? own);
    }

    /// <summary>The first number.</summary>
    public float* Start { get; }

    /// <summary>What autograd is handed; null where the gradient is already where it belongs.</summary>
    public Tensor? Handed { get; }
}
