using System.Runtime.ExceptionServices;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// Activation checkpointing (Chen et al. 2016, "Training deep nets with sublinear memory cost"), layer by layer: the
/// forward pass keeps only the inputs of each layer, and the backward pass computes the layer again, with the same
/// dropout masks, before it goes back through it. Memory is that of the layers' inputs, <c>[batch, length, dim]</c>
/// each, and one layer's activations; the cost is one more forward pass of the layers. Gradients are the same to the
/// bit.
/// </summary>
/// <remarks>
/// One layer at a time, not several: a layer's activations are some twenty times its input, so several would save
/// little, and only in stacks of hundreds; and sums over layers, as the gradient at the encoder's output, keep
/// their order. The model must not change between a forward pass and its backward pass.
/// </remarks>
internal sealed class Recomputation(Dropout dropout) : IDisposable
{
    private readonly GradientHandover _handover = new();
    private Exception? _failure;

    /// <summary>
    /// Whether passes with gradients keep only the layers' inputs. Observers of a sublayer then see tensors without a
    /// gradient.
    /// </summary>
    public bool Active { get; set; }

    /// <summary>
    /// Goes back from <paramref name="output"/> with the loss's derivative with respect to it, whether recomputing or
    /// not.
    /// </summary>
    /// <remarks>
    /// No exception can cross libtorch's engine, which calls back for every layer: what a layer throws comes out here.
    /// </remarks>
    public void Backward(Tensor output, Tensor gradient)
    {
        output.backward([gradient]);
        _handover.Dispose();
        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handover.Dispose();

    /// <summary>A layer's output.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="compute">
    /// Computes it from the inputs. It must capture no other tensors: they may be gone when it is called again.
    /// </param>
    /// <param name="x">The layer's input, <c>[batch, length, dim]</c>.</param>
    /// <param name="others">What else it takes, such as masks.</param>
    internal Tensor Apply(
        ILayer layer,
        Func<IReadOnlyList<Tensor?>, Tensor> compute,
        Tensor x,
        params IReadOnlyList<Tensor?> others
    )
    {
        // Autograd records a function only where one of its inputs asks for a gradient.
        if (!Active || !is_grad_enabled() || !x.requires_grad)
        {
            return compute([x, .. others]);
        }

        using var scope = NewDisposeScope();
        var pass = new LayerPass(layer, compute, dropout, dropout.Pass?.Copy());
        return RecomputedLayer.apply([this, pass, x, .. others]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The gradients of a layer's inputs; null for those without, and for all once a layer has failed.
    /// </summary>
    internal List<Tensor> GoBack(LayerPass pass, IReadOnlyList<Tensor?> inputs, Tensor gradient)
    {
        var gradients = new Tensor?[inputs.Count];
        if (_failure is null && !gradient.IsInvalid)
        {
            try
            {
                pass.Backward(inputs, gradient, gradients);
            }
            catch (Exception exception)
            {
                _failure = exception;
            }
        }

        return _handover.Hand([.. gradients]);
    }
}
