using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Divergence;

/// <summary>Watches a model's forward passes for the first value, in forward order, that is not finite.</summary>
internal sealed class ForwardWatch : IDisposable
{
    private static readonly string[] EncoderSublayers = ["self-attention", "feed-forward"];
    private static readonly string[] DecoderSublayers = ["self-attention", "cross-attention", "feed-forward"];

    private readonly List<IDisposable> _watches = [];

    /// <summary>Watches every sublayer until it is disposed.</summary>
    public ForwardWatch(Transformer model)
    {
        Watch(model.Encoder.Residuals, "encoder", EncoderSublayers, "source");
        Watch(model.Decoder.Residuals, "decoder", DecoderSublayers, "target");
    }

    /// <summary>What was met first; null while all is finite.</summary>
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

    private void Watch(IEnumerable<ResidualConnection> residuals, string stack, string[] names, string side)
    {
        foreach (var (i, residual) in residuals.Index())
        {
            var watch = residual.Watch(
                (input, _, output) =>
                    First ??=
                        i == 0 && !IsFinite(input) ? $"the embedded {side}"
                        : !IsFinite(output)
                            ? $"the output of {ModelPlace.Of(stack, i / names.Length, names[i % names.Length])}"
                        : null
            );
            _watches.Add(watch);
        }
    }
}
