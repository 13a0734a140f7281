using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// One layer in one pass: how it is computed, and with which dropout masks, so that it can be computed again.
/// </summary>
internal sealed class LayerPass(
    ILayer layer,
    Func<IReadOnlyList<Tensor?>, Tensor> compute,
    Dropout dropout,
    DropoutPass? masks
)
{
    private bool[] _wantGradient = [];

    /// <summary>The layer's output from its inputs; no gradient can pass through it.</summary>
    public Tensor Forward(IReadOnlyList<Tensor?> inputs)
    {
        _wantGradient = [.. inputs.Select(input => input is { requires_grad: true })];
        using var noGradient = no_grad();
        using var output = compute(inputs);

        // What is kept is in the middle of what the layer has let go of. A copy made now lies close to the layer
        // below's, and leaves the next layer its memory in larger pieces.
        return output.clone();
    }

    /// <summary>
    /// Computes the layer again, adds to its parameters' gradients, and sets those of its inputs where they are wanted.
    /// </summary>
    public void Backward(IReadOnlyList<Tensor?> inputs, Tensor gradient, Tensor?[] gradients)
    {
        using var scope = NewDisposeScope();
        using var withGradient = enable_grad();
        using var interlude = dropout.BeginInterlude(masks?.Copy());
        using var unobserved = new UnobservedSublayers(layer.Sublayers);
        Tensor?[] leaves =
        [
            .. inputs.Zip(_wantGradient, (input, wanted) => wanted ? input!.detach().requires_grad_() : input),
        ];
        compute(leaves).backward([gradient]);
        for (var i = 0; i < leaves.Length; i++)
        {
            gradients[i] = _wantGradient[i] ? leaves[i]!.grad?.MoveToOuterDisposeScope() : null;
        }
    }
}
