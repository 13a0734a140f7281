using static TorchSharp.torch;

namespace TransformerClinic.Kernels;

/// <summary>
/// Keeps gradients alive while libtorch takes them over from a backward function of ours. It takes them right after
/// that function returns, so those of the call before can go: left to the dispose scope, all gradients of a pass would
/// live until its end.
/// </summary>
internal sealed class GradientHandover : IDisposable
{
    private IReadOnlyList<Tensor?> _last = [];

    /// <summary>Hands gradients over; null where an argument has none.</summary>
    public List<Tensor> Hand(params List<Tensor?> gradients)
    {
        Dispose();
        gradients.ForEach(gradient => gradient?.DetachFromDisposeScope());
        _last = gradients;
        return gradients!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gradient in _last)
        {
            gradient?.Dispose();
        }

        _last = [];
    }
}
