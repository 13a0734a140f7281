using static TorchSharp.torch;

namespace TransformerClinic.Kernels;

/// <summary>
/// Where a kernel adds a parameter's gradient: to the gradient that the parameter has, which saves autograd a tensor
/// and an addition; where it has none yet, to zeros that are handed to autograd.
/// </summary>
internal readonly unsafe struct ParameterGradient
{
    private readonly Tensor _parameter;

    /// <summary>The gradient of a parameter in the processor's memory, float32.</summary>
    public ParameterGradient(Tensor parameter)
    {
        _parameter = parameter;
        var own = parameter.grad;
        Handed = own is not null && own.is_contiguous() ? null : zeros_like(parameter);
        Start = TensorMemory.Of<float>(Handed ?? own);
    }

    /// <summary>The first number.</summary>
    public float* Start { get; }

    /// <summary>What autograd is handed; null where the gradient is already where it belongs.</summary>
    public Tensor? Handed { get; }

    /// <summary>
    /// Does with it what autograd would: for a function whose parameters autograd does not know.
    /// </summary>
    public void Keep()
    {
        if (Handed is null || !_parameter.requires_grad)
        {
            return;
        }

        if (_parameter.grad is { } own)
        {
            using var added = own.contiguous();
            ElementwiseRow.Add(Start, TensorMemory.Of<float>(added), (int)added.numel());
        }

        _parameter.grad = Handed;
    }
}
