using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// A copy of a model's parameters, to measure later how far an optimizer has moved them: <c>|W_t - W_0|</c>, the
/// actual updates that the paper compares with the gradients. Owns its copies.
/// </summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly nn.Module _model;
    private readonly List<(string Name, Tensor Values)> _before;

    /// <summary>Copies the parameters.</summary>
    public WeightSnapshot(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var noGradient = no_grad();
        _model = model;
        _before =
        [
            .. model.named_parameters().Select(entry => (entry.name, entry.parameter.clone().DetachFromDisposeScope())),
        ];
    }

    /// <summary>How far each parameter has moved since.</summary>
    public IReadOnlyList<ParameterNorm> Changes()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return
        [
            .. _model
                .named_parameters()
                .Zip(_before)
                .SelectMany(entry =>
                    ParameterNorms.Of(entry.First.name, Change(entry.Second.Values, entry.First.parameter))
                ),
        ];
    }

    /// <summary>What is minus infinity and stays so, a word that the output bias rules out, has not moved.</summary>
    private static Tensor Change(Tensor before, Tensor after) =>
        (after - before).masked_fill(after.isneginf().logical_and(before.isneginf()), HeldScalars.Zero);

    /// <inheritdoc/>
    public void Dispose() => _before.ForEach(entry => entry.Values.Dispose());
}
