using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>One parameter's place in the flat buffers.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Its first element.</param>
/// <param name="Count">Its elements.</param>
public sealed record ParameterSlot(string Name, long[] Shape, long Offset, long Count);

/// <summary>
/// A model's parameters and gradients, each laid out in one buffer of which the parameters are views: the gradient norm and
/// the optimizer are then one pass over contiguous memory, and the backward pass adds straight into the flat gradient.
/// </summary>
public sealed class FlatParameters : IDisposable
{
    /// <summary>Moves the parameters of a model into flat buffers; the model goes on working.</summary>
    public FlatParameters(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var parameters = model.named_parameters().ToList();
        var total = parameters.Sum(p => p.parameter.numel());
        var first = parameters[0].parameter;
        Values = empty(total, first.dtype, first.device).DetachFromDisposeScope();
        Gradients = zeros(total, first.dtype, first.device).DetachFromDisposeScope();
        var slots = new List<ParameterSlot>(parameters.Count);
        long offset = 0;
        foreach (var (name, parameter) in parameters)
        {
            var (shape, count) = (parameter.shape, parameter.numel());
            var view = Values.narrow(0, offset, count).view(shape);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = Gradients.narrow(0, offset, count).view(shape).DetachFromDisposeScope();
            slots.Add(new ParameterSlot(name, shape, offset, count));
            offset += count;
        }

        Slots = slots;
    }

    /// <summary>Where each parameter lies, in the model's order.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>All parameters, <c>[count]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>All gradients, <c>[count]</c>; the backward pass adds to them.</summary>
    public Tensor Gradients { get; }

    /// <summary>Number of parameters.</summary>
    public long Count => Values.numel();

    /// <summary>Euclidean norm of all gradients.</summary>
    public double GradientNorm()
    {
        using var norm = Gradients.norm();
        using var wide = norm.to(ScalarType.Float64);
        return wide.item<double>();
    }

    /// <summary>Sets the gradients to zero before an update's first batch.</summary>
    public void ZeroGradients()
    {
        using var noGradient = no_grad();
        Gradients.zero_();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }
}
