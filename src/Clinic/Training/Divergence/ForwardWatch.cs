using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Divergence;

/// <summary>Watches a model's forward passes for the first value, in forward order, that is not finite.</summary>
internal sealed class ForwardWatch : IDisposable
{
    private readonly List<IDisposable> _watches = [];

    /// <summary>Watches every sublayer until it is disposed.</summary>
    public ForwardWatch(Transformer model)
    {
        foreach (var (address, sublayer) in SublayerAddress.AllOf(model))
        {
            Watch(address, sublayer.Residual);
        }
    }

    /// <summary>What was found first; null while all values are finite.</summary>
    public string? First { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var watch in _watches)
        {
            watch.Dispose();
        }
    }

    /// <summary>Whether all values are finite.</summary>
    public static bool IsFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return tensor.isfinite().all().item<bool>();
    }

    private void Watch(SublayerAddress address, ResidualConnection residual)
    {
        var isFirst = address is { Layer: 0, Kind: SublayerKind.SelfAttention };
        var side = address.Stack == StackName.Encoder ? "source" : "target";
        var watch = residual.Watch(
            (input, _, output) =>
                First ??=
                    isFirst && !IsFinite(input) ? $"the embedded {side}"
                    : !IsFinite(output) ? $"the output of {address}"
                    : null
        );
        _watches.Add(watch);
    }
}
