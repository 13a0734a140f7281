using TransformerClinic.Common;
using TransformerClinic.Interop.Safetensors;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// Tensors of a file with fairseq's names (<see cref="FairseqNames"/>), read by the names of our model's parameters:
/// weights, their gradients, anything that has a parameter's shape.
/// </summary>
internal sealed class FairseqWeights(IFairseqTensors file)
{
    /// <summary>The tensors of a safetensors file.</summary>
    public FairseqWeights(SafetensorsFile file)
        : this(new SafetensorsWithFairseqNames(file)) { }

    /// <summary>
    /// The file's names of a parameter: one; three if queries, keys and values are stored separately; none if the file
    /// does not have it.
    /// </summary>
    public IReadOnlyList<string> NamesOf(string parameter)
    {
        var name = FairseqNames.OfParameter(parameter);
        if (file.Has(name))
        {
            return [name];
        }

        var separate = FairseqNames.Separate(name);
        return separate.Any(file.Has) ? separate : [];
    }

    /// <summary>
    /// The tensor of a parameter, in the type that it is stored in; queries, keys and values that are stored separately
    /// are concatenated in this order.
    /// </summary>
    /// <exception cref="UserErrorException">The file does not have it.</exception>
    public Tensor this[string parameter] =>
        NamesOf(parameter) switch
        {
            [] => throw new UserErrorException(
                $"{file.Path}: the file has no tensor '{FairseqNames.OfParameter(parameter)}', which this model needs."
            ),
            [var name] => file.Read(name),
            var parts => Joined([.. parts.Select(file.Read)], FairseqNames.OfParameter(parameter)),
        };

    /// <summary>Copies the file's tensors into all parameters of a model, in place.</summary>
    /// <exception cref="UserErrorException">A tensor is missing, left over, or has another shape.</exception>
    public void Read(nn.Module model)
    {
        using var noGradient = no_grad();
        var unread = file.Names.Where(name => !FairseqNames.IsConstant(name)).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, parameter) in model.named_parameters())
        {
            using var scope = NewDisposeScope();
            var value = this[name];
            if (!value.shape.SequenceEqual(parameter.shape))
            {
                throw new UserErrorException(
                    $"{file.Path}: the tensor '{FairseqNames.OfParameter(name)}' is "
                        + $"[{string.Join(", ", value.shape)}], where [{string.Join(", ", parameter.shape)}] is "
                        + "needed."
                );
            }

            parameter.copy_(value);
            unread.ExceptWith(NamesOf(name));
        }

        // A matrix that is shared is stored under all of its names.
        CheckShared(FairseqNames.TargetEmbedding, FairseqNames.SourceEmbedding, "source and target embedding", unread);
        var target = model.named_parameters().Any(entry => entry.name == "embeddings.target")
            ? FairseqNames.TargetEmbedding
            : FairseqNames.SourceEmbedding;
        CheckShared(FairseqNames.OutputProjection, target, "output projection and target embedding", unread);
        if (unread.FirstOrDefault() is { } surplus)
        {
            throw new UserErrorException(
                $"{file.Path}: the file has a tensor '{surplus}' that this model does not have; it belongs to a "
                    + "model of another shape."
            );
        }
    }

    private Tensor Joined(Tensor[] parts, string name) =>
        parts.All(part => part.dtype == parts[0].dtype && part.shape.SequenceEqual(parts[0].shape))
        && parts[0].dim() > 0
            ? cat(parts)
            : throw new UserErrorException(
                $"{file.Path}: the parts of '{name}' (queries, keys, values) have different shapes or types."
            );

    private void CheckShared(string name, string sharedWith, string what, HashSet<string> unread)
    {
        using var scope = NewDisposeScope();
        if (unread.Remove(name) && !AreEqual(file.Read(name), file.Read(sharedWith)))
        {
            throw new UserErrorException($"{file.Path}: {what} differ, where this model has one for both.");
        }
    }

    private static bool AreEqual(Tensor one, Tensor other) =>
        one.dtype == other.dtype && one.shape.SequenceEqual(other.shape) && one.equal(other).all().item<bool>();
}
