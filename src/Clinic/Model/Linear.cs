using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary><c>y = x W^T + b</c>, <c>[..., in] -> [..., out]</c>; W Xavier-uniform, b zero.</summary>
/// <remarks>Parameters are looked up, not kept: moving a module to another type or device replaces them.</remarks>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    /// <summary>A layer with freshly drawn weights.</summary>
    public Linear(int inputDim, int outputDim, ParameterInitializer initializer)
        : base(nameof(Linear))
    {
        register_parameter("weight", initializer.XavierUniform(outputDim, inputDim));
        register_parameter("bias", ParameterInitializer.Zeros(outputDim));
    }

    /// <summary><c>[out, in]</c></summary>
    public Parameter Weight => get_parameter("weight")!;

    /// <summary><c>[out]</c></summary>
    public Parameter Bias => get_parameter("bias")!;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.linear(input, Weight, Bias);

    /// <summary>The layer's rows <c>[from, to)</c> alone: <c>x W[from:to]^T + b[from:to]</c>.</summary>
    public Tensor Rows(Tensor input, long from, long to) =>
        nn.functional.linear(input, Weight.narrow(0, from, to - from), Bias.narrow(0, from, to - from));
}
