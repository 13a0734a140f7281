using TransformerClinic.Kernels.Products;
using static TorchSharp.torch;

namespace TransformerClinic.Kernels;

/// <summary>
/// <c>y = x W^T</c> for autograd, by a kernel of ours where that is faster than libtorch's operator; the gradient of
/// W, <c>g^T x</c>, is added where it belongs by the product itself. For the output projection, whose weight is the
/// largest of a model. In the processor's memory, float32.
/// </summary>
internal sealed unsafe class ProjectionFunction : autograd.SingleTensorFunction<ProjectionFunction>
{
    private const string ArgumentsName = "arguments";

    /// <inheritdoc/>
    public override string Name => nameof(ProjectionFunction);

    /// <summary><c>[rows, outputs]</c></summary>
    /// <param name="x"><c>[rows, inputs]</c></param>
    /// <param name="weight"><c>[outputs, inputs]</c></param>
    /// <param name="handover">Keeps the gradients while libtorch takes them.</param>
    public static Tensor Apply(Tensor x, Tensor weight, GradientHandover handover) =>
        is_grad_enabled() ? apply(x, weight, new Arguments(weight, handover)) : Project(x, weight);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, arguments) = ((Tensor)vars[0], (Arguments)vars[2]);
        ctx.save_for_backward([x]);
        ctx.save_data(ArgumentsName, arguments);
        return Project(x, arguments.Weight);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var x = ctx.get_saved_variables()[0];
        var (weight, handover) = (Arguments)ctx.get_data(ArgumentsName);
        var to = new ParameterGradient(weight);
        if (KernelOf(x, weight) is not { } kernel)
        {
            (to.Handed ?? weight.grad!).addmm_(grad_output.t(), x, 1, 1);
            return handover.Hand(grad_output.mm(weight), to.Handed, null);
        }

        var (rows, toX) = ((int)x.size(0), empty_like(x));
        var gradient = TensorMemory.Of<float>(grad_output.contiguous());
        kernel.ToWeight(TensorMemory.Of<float>(x), gradient, rows, to.Start);
        kernel.ToInput(gradient, rows, TensorMemory.Of<float>(toX));
        return handover.Hand(toX, to.Handed, null);
    }

    private static Tensor Project(Tensor x, Tensor weight)
    {
        if (KernelOf(x, weight) is not { } kernel)
        {
            return nn.functional.linear(x, weight);
        }

        var y = empty([x.size(0), weight.size(0)], ScalarType.Float32);
        kernel.Forward(TensorMemory.Of<float>(x), (int)x.size(0), TensorMemory.Of<float>(y));
        return y;
    }

    /// <summary>The kernel that computes it; null where libtorch is faster.</summary>
    private static LinearRows? KernelOf(Tensor x, Tensor weight)
    {
        var (outputs, inputs) = (weight.size(0), weight.size(1));
        return x.is_contiguous() && weight.is_contiguous() && MatrixProduct.IsFaster(x.size(0), inputs, outputs)
            ? new LinearRows(TensorMemory.Of<float>(weight), bias: null, (int)inputs, (int)outputs)
            : null;
    }

    private sealed record Arguments(Tensor Weight, GradientHandover Handover);
}
