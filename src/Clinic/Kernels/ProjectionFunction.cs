using static TorchSharp.torch;

namespace TransformerClinic.Kernels;

/// <summary>
/// <c>y = x W^T</c> for autograd, as libtorch's operator computes it; but the gradient of W, <c>g^T x</c>, is added
/// where it belongs by the product itself. For the output projection, whose weight is the largest of a model.
/// </summary>
internal sealed class ProjectionFunction : autograd.SingleTensorFunction<ProjectionFunction>
{
    private const string ArgumentsName = "arguments";

    /// <inheritdoc/>
    public override string Name => nameof(ProjectionFunction);

    /// <summary><c>[rows, outputs]</c></summary>
    /// <param name="x"><c>[rows, inputs]</c></param>
    /// <param name="weight"><c>[outputs, inputs]</c></param>
    /// <param name="handover">Keeps the gradients while libtorch takes them.</param>
    public static Tensor Apply(Tensor x, Tensor weight, GradientHandover handover) =>
        is_grad_enabled() ? apply(x, weight, new Arguments(weight, handover)) : nn.functional.linear(x, weight);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, arguments) = ((Tensor)vars[0], (Arguments)vars[2]);
        ctx.save_for_backward([x]);
        ctx.save_data(ArgumentsName, arguments);
        return nn.functional.linear(x, arguments.Weight);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        using var given = grad_output;
        var x = ctx.get_saved_variables()[0];
        var (weight, handover) = (Arguments)ctx.get_data(ArgumentsName);
        var to = new ParameterGradient(weight);
        (to.Handed ?? weight.grad!).addmm_(grad_output.t(), x, 1, 1);
        return handover.Hand(grad_output.mm(weight), to.Handed, null);
    }

    private sealed record Arguments(Tensor Weight, GradientHandover Handover);
}
