using TorchSharp.Modules;
using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Products;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary><c>y = x W^T + b</c>, <c>[..., in] -> [..., out]</c>.</summary>
/// <remarks>Parameters are looked up, not kept: moving a module to another type or device replaces them.</remarks>
internal sealed class Linear : nn.Module<Tensor, Tensor>
{
    /// <summary>A layer with the weight <c>[out, in]</c> and a bias of zeros.</summary>
    public Linear(Parameter weight)
        : base(nameof(Linear))
    {
        (Outputs, Inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        register_parameter("weight", weight);
        register_parameter("bias", ParameterInitializer.Zeros(weight.shape[0]));
    }

    /// <summary><c>[out, in]</c></summary>
    public Parameter Weight => get_parameter("weight")!;

    /// <summary><c>[out]</c></summary>
    public Parameter Bias => get_parameter("bias")!;

    /// <summary>Length of an input row.</summary>
    public int Inputs { get; }

    /// <summary>Length of an output row.</summary>
    public int Outputs { get; }

    /// <summary>The layer in the processor's memory, float32.</summary>
    internal unsafe LinearRows Kernel =>
        new(TensorMemory.Of<float>(Weight), TensorMemory.Of<float>(Bias), Inputs, Outputs);

    /// <summary>
    /// The type that products are computed in and results have; null takes the weights' own. Weights and gradients keep
    /// theirs.
    /// </summary>
    public ScalarType? ComputeType { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Compute(input, Weight, Bias);

    /// <summary>Only the layer's rows <c>[from, to)</c>: <c>x W[from:to]^T + b[from:to]</c>.</summary>
    public Tensor Rows(Tensor input, long from, long to) =>
        Compute(input, Weight.narrow(0, from, to - from), Bias.narrow(0, from, to - from));

    private Tensor Compute(Tensor input, Tensor weight, Tensor bias)
    {
        if (ComputeType is not { } type)
        {
            return nn.functional.linear(input, weight, bias);
        }

        using var scope = NewDisposeScope();
        return nn.functional.linear(input.to(type), weight.to(type), bias.to(type)).MoveToOuterDisposeScope();
    }
}
