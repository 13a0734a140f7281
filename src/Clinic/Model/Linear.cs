using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary><c>y = x W^T + b</c>, <c>[..., in] -> [..., out]</c>; W Xavier-uniform, b zero.</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    /// <summary>A layer with freshly drawn weights.</summary>
    public Linear(int inputDim, int outputDim, ParameterInitializer initializer)
        : base(nameof(Linear))
    {
        Weight = initializer.XavierUniform(outputDim, inputDim);
        Bias = ParameterInitializer.Zeros(outputDim);
        register_parameter("weight", Weight);
        register_parameter("bias", Bias);
    }

    /// <summary><c>[out, in]</c></summary>
    public Parameter Weight { get; }

    /// <summary><c>[out]</c></summary>
    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.linear(input, Weight, Bias);

    /// <summary>The layer's rows <c>[from, to)</c> alone: <c>x W[from:to]^T + b[from:to]</c>.</summary>
    public Tensor Rows(Tensor input, long from, long to) =>
        nn.functional.linear(input, Weight.narrow(0, from, to - from), Bias.narrow(0, from, to - from));
}
