using System.Globalization;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Statistics;

/// <summary>
/// Measures what an update does to each sublayer of a model. Only looks: the update is the same as without.
/// </summary>
internal sealed class SublayerMeter
{
    private readonly FlatParameters _parameters;
    private readonly IReadOnlyList<Measured> _sublayers;

    /// <summary>A meter for a model whose parameters lie in flat buffers.</summary>
    public SublayerMeter(Transformer model, FlatParameters parameters)
    {
        _parameters = parameters;
        // The parameters come in the order of the modules, so those of a sublayer lie side by side, and sublayers in
        // forward order.
        var places = parameters
            .Slots.Select(slot => (Slot: slot, Place: PlaceOf(slot.Name)))
            .Where(entry => entry.Place is not null)
            .GroupBy(entry => entry.Place!.Value, entry => entry.Slot);
        Sublayer[] sublayers = [.. model.Encoder.Sublayers, .. model.Decoder.Sublayers];
        _sublayers =
        [
            .. places.Zip(
                sublayers,
                (place, sublayer) =>
                    new Measured(
                        place.Key.Stack,
                        place.Key.Layer,
                        place.Key.Name,
                        place.First().Offset,
                        place.Sum(slot => slot.Count),
                        ResidualTraits.Of(sublayer.Residual).HasOmega ? sublayer.Residual : null
                    )
            ),
        ];
    }

    /// <summary>Makes an update and measures it, the sublayers in forward order.</summary>
    /// <param name="update">Makes it; leaves the gradients as they are.</param>
    /// <param name="gradientScale">What makes the flat gradient that of the mean loss.</param>
    public IReadOnlyList<SublayerStatistics> Measure(Action update, double gradientScale)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var before = _parameters.Values.clone();
        update();
        var change = _parameters.Values.sub(before);
        return
        [
            .. _sublayers.Select(sublayer => new SublayerStatistics(
                sublayer.Stack,
                sublayer.Layer,
                sublayer.Name,
                Finite(sublayer.NormIn(_parameters.Gradients) * gradientScale),
                Finite(sublayer.NormIn(change) / sublayer.NormIn(before)),
                sublayer.Admin is { } admin && OmegaSpread.Of(admin) is var omega && double.IsFinite(omega.Mean)
                    ? omega
                    : null
            )),
        ];
    }

    /// <summary>
    /// <c>encoder.layers.0.self_attention.branch...</c> is in the self-attention of the encoder's first layer; null for
    /// what is in no sublayer.
    /// </summary>
    private static (string Stack, int Layer, string Name)? PlaceOf(string parameter) =>
        parameter.Split('.') is [var stack, "layers", var layer, var name, _, ..]
            ? (stack, int.Parse(layer, CultureInfo.InvariantCulture) + 1, name.Replace('_', '-'))
            : null;

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    /// <summary>A sublayer with its stretch of the flat buffers.</summary>
    private sealed record Measured(
        string Stack,
        int Layer,
        string Name,
        long Offset,
        long Count,
        ResidualConnection? Admin
    )
    {
        public double NormIn(Tensor flat)
        {
            using var scope = NewDisposeScope();
            return flat.narrow(0, Offset, Count).norm().to(ScalarType.Float64).item<double>();
        }
    }
}
