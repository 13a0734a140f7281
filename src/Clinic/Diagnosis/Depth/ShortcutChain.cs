using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Depth;

/// <summary>
/// The connections of a pass with what went into them, so that a gradient can be taken back through their shortcuts.
/// </summary>
internal sealed class ShortcutChain : IDisposable
{
    private readonly List<Link> _links = [];

    /// <summary>
    /// Keeps a sublayer's pass. The model may dispose its handle of the output before the backward pass; positive() is
    /// another handle of the same tensor, not a copy.
    /// </summary>
    public void Keep(SublayerPass pass)
    {
        var output = pass.State.positive().DetachFromDisposeScope();
        output.retain_grad();
        _links.Add(
            new Link(
                pass,
                pass.ShortcutState.detach().clone().DetachFromDisposeScope(),
                pass.Branch.detach().clone().DetachFromDisposeScope(),
                output
            )
        );
    }

    /// <summary>The norms after the backward pass.</summary>
    /// <exception cref="InvalidOperationException">The backward pass did not reach an output.</exception>
    public IReadOnlyList<ShortcutGradient> InForwardOrder()
    {
        using var scope = NewDisposeScope();
        var through = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var found = new List<ShortcutGradient>();
        foreach (var link in _links.AsEnumerable().Reverse())
        {
            var stack = link.Pass.Place.Stack;
            var gradient = link.Gradient;
            var shortcuts = through.GetValueOrDefault(stack, gradient);
            found.Add(new ShortcutGradient(link.Pass.Place, link.NormOf(gradient), link.NormOf(shortcuts)));
            through[stack] = link.Back(shortcuts);
        }

        found.Reverse();
        return found;
    }

    /// <inheritdoc/>
    public void Dispose() => _links.ForEach(link => link.Dispose());

    private sealed record Link(SublayerPass Pass, Tensor Shortcut, Tensor Branch, Tensor Output) : IDisposable
    {
        public Tensor Gradient =>
            Output.grad
            ?? throw new InvalidOperationException($"The loss has no gradient at the output of {Pass.Place}.");

        public double NormOf(Tensor gradient) => Diagnosis.Norm.Of(Pass.Residual.StreamOf(gradient));

        /// <summary>The gradient at the shortcut, of one at the output, the branch held fixed.</summary>
        public Tensor Back(Tensor gradient)
        {
            using var unobserved = Pass.Residual.Unobserved();
            using var withGradient = enable_grad();
            var shortcut = Shortcut.requires_grad_(true);
            var output = Pass.Residual.forward(shortcut, Branch);
            return autograd.grad([output], [shortcut], [gradient])[0];
        }

        public void Dispose()
        {
            Shortcut.Dispose();
            Branch.Dispose();
            Output.Dispose();
        }
    }
}
