using TransformerClinic.Common;
using TransformerClinic.Interop.Safetensors;
using static TorchSharp.torch;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// Tensors of a safetensors file with fairseq's names (<see cref="FairseqNames"/>), read by the names of our model's
/// parameters: weights, their gradients, anything that has a parameter's shape.
/// </summary>
internal sealed class FairseqWeights(SafetensorsFile file)
{
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
            [var name] => file.ReadTensor(name),
            var parts => cat([.. parts.Select(file.ReadTensor)]),
        };

    /// <summary>Copies the file's tensors into all parameters of a model, in place.</summary>
    /// <exception cref="UserErrorException">A tensor is missing, left over, or has another shape.</exception>
    public void Read(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var unread = file
            .Tensors.Select(tensor => tensor.Name)
            .Where(name => !FairseqNames.IsConstant(name))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (name, parameter) in model.named_parameters())
        {
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

        // Shared embeddings are stored under both names.
        if (
            unread.Remove(FairseqNames.TargetEmbedding)
            && !file.ReadTensor(FairseqNames.TargetEmbedding)
                .equal(file.ReadTensor(FairseqNames.SourceEmbedding))
                .all()
                .item<bool>()
        )
        {
            throw new UserErrorException(
                $"{file.Path}: source and target embedding differ, where this model has one for both."
            );
        }

        if (unread.FirstOrDefault() is { } surplus)
        {
            throw new UserErrorException(
                $"{file.Path}: the file has a tensor '{surplus}' that this model does not have; it belongs to a "
                    + "model of another shape."
            );
        }
    }
}
