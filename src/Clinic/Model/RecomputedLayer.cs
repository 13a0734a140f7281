using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace TransformerClinic.Model;

/// <summary>
/// A layer as a function of autograd's graph, which saves only the layer's inputs. Its arguments are the
/// <see cref="Recomputation"/>, the <see cref="LayerPass"/> and the inputs.
/// </summary>
internal sealed class RecomputedLayer : SingleTensorFunction<RecomputedLayer>
{
    private const int FirstInput = 2;

    /// <inheritdoc/>
    public override string Name => nameof(RecomputedLayer);

    /// <inheritdoc/>
    public override Tensor forward(AutogradContext ctx, params object?[] vars)
    {
        Tensor?[] inputs = [.. vars.Skip(FirstInput).Cast<Tensor?>()];
        ctx.save_data(nameof(Recomputation), vars[0]);
        ctx.save_data(nameof(LayerPass), vars[1]);

        // Detached: a saved tensor with a history would hold the layer below, and letting go of one would let go of
        // all, layer in layer.
        ctx.save_for_backward([.. inputs.Select(input => input?.detach())]);
        ctx.set_materialize_grads(false);
        return ((LayerPass)vars[1]!).Forward(inputs);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(AutogradContext ctx, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        using var given = gradient;
        var recomputation = (Recomputation)ctx.get_data(nameof(Recomputation));
        var inputs = ctx.get_saved_variables();
        return [null!, null!, .. recomputation.GoBack((LayerPass)ctx.get_data(nameof(LayerPass)), inputs, gradient)];
    }
}
