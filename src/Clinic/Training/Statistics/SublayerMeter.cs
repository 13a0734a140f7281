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

    /// <summary>A meter for a model whose parameters are in flat buffers.</summary>
    public SublayerMeter(Transformer model, FlatParameters parameters)
    {
        _parameters = parameters;
        // The parameters come in the order of the modules, so those of a sublayer lie side by side, and sublayers in
        // forward order.
        var places = parameters
            .Slots.Select(slot => (Slot: slot, Address: SublayerAddress.OfPath(slot.Name)))
            .Where(entry => entry.Address is not null)
            .GroupBy(entry => entry.Address!.Value, entry => entry.Slot);
        _sublayers =
        [
            .. places.Zip(
                SublayerAddress.AllOf(model).Select(entry => entry.Sublayer),
                (place, sublayer) =>
                    new Measured(
                        place.Key,
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
                sublayer.Address,
                Finite(sublayer.NormIn(_parameters.Gradients) * gradientScale),
                Finite(sublayer.NormIn(change) / sublayer.NormIn(before)),
                sublayer.Admin is { } admin && OmegaSpread.Of(admin) is var omega && double.IsFinite(omega.Mean)
                    ? omega
                    : null
            )),
        ];
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    /// <summary>A sublayer with its stretch of the flat buffers.</summary>
    private sealed record Measured(SublayerAddress Address, long Offset, long Count, ResidualConnection? Admin)
    {
        public double NormIn(Tensor flat)
        {
            using var scope = NewDisposeScope();
            return BlockNorm.Of(flat.narrow(0, Offset, Count));
        }
    }
}
