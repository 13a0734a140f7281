using static TorchSharp.torch;

namespace TransformerClinic.Training.Optimizers;

/// <summary>
/// The parameters of a model and its replicas, laid out in one buffer of which the parameters are views, and one buffer
/// of gradients for each replica: the gradient norm and the optimizer are then one pass over contiguous memory, the
/// backward pass adds straight into the flat gradient, and replicas share their weights.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly List<Tensor> _gradients = [];

    /// <summary>Moves the parameters of a model into flat buffers; the model keeps working.</summary>
    public FlatParameters(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var slots = new List<ParameterSlot>();
        long offset = 0;
        foreach (var (name, parameter) in model.named_parameters())
        {
            slots.Add(new ParameterSlot(name, parameter.shape, offset, parameter.numel()));
            offset += parameter.numel();
        }

        Slots = slots;
        Values = cat([.. model.parameters().Select(parameter => parameter.detach().flatten())])
            .DetachFromDisposeScope();
        Attach(model);
    }

    /// <summary>Where each parameter lies, in the model's order.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>All parameters, <c>[count]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>All gradients of the first model, <c>[count]</c>.</summary>
    public Tensor Gradients => _gradients[0];

    /// <summary>All gradients of each model, <c>[count]</c>.</summary>
    public IReadOnlyList<Tensor> GradientsOfEach => _gradients;

    /// <summary>Number of parameters.</summary>
    public long Count => Values.numel();

    /// <summary>
    /// Makes the parameters of a model of the same shape views of these values, with gradients of its own.
    /// </summary>
    /// <exception cref="ArgumentException">The model has another shape.</exception>
    public void Attach(nn.Module replica)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var parameters = replica.named_parameters().ToList();
        if (!Slots.Select(slot => slot.Name).SequenceEqual(parameters.Select(entry => entry.name)))
        {
            throw new ArgumentException("The replica has other parameters than the model.", nameof(replica));
        }

        var gradients = zeros_like(Values).DetachFromDisposeScope();
        _gradients.Add(gradients);
        foreach (var (slot, (name, parameter)) in Slots.Zip(parameters))
        {
            if (!slot.Shape.SequenceEqual(parameter.shape))
            {
                throw new ArgumentException(
                    $"The replica's parameter {name} has another shape than the model's.",
                    nameof(replica)
                );
            }

            parameter.set_(View(Values, slot));
            parameter.grad = View(gradients, slot);
        }
    }

    /// <summary>The stretches that parameters of a kind fill, those of neighbors in one.</summary>
    /// <param name="isOfKind">Whether a parameter is of the kind.</param>
    public IReadOnlyList<Shard> Stretches(Func<ParameterSlot, bool> isOfKind)
    {
        var found = new List<Shard>();
        foreach (var slot in Slots.Where(isOfKind))
        {
            if (found.Count > 0 && found[^1].Offset + found[^1].Length == slot.Offset)
            {
                found[^1] = found[^1] with { Length = found[^1].Length + slot.Count };
            }
            else
            {
                found.Add(new Shard(slot.Offset, slot.Count));
            }
        }

        return found;
    }

    /// <summary>One parameter's part of a flat tensor, in its shape.</summary>
    public static Tensor View(Tensor flat, ParameterSlot slot) =>
        flat.narrow(0, slot.Offset, slot.Count).view(slot.Shape);

    /// <summary>Euclidean norm of <see cref="Gradients"/>, as a float32 number.</summary>
    public double GradientNorm() => BlockNorm.Of(Gradients);

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients()
    {
        // Some in-place operators return a second wrapper of the tensor.
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var gradients in _gradients)
        {
            gradients.zero_();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        foreach (var gradients in _gradients)
        {
            gradients.Dispose();
        }
    }
}

/// <summary>One parameter's place in the flat buffers.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Its first element.</param>
/// <param name="Count">Its elements.</param>
internal sealed record ParameterSlot(string Name, long[] Shape, long Offset, long Count);
