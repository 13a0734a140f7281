using System.Diagnostics;
using System.Globalization;
using TransformerClinic.Common;
using static TorchSharp.torch;

namespace TransformerClinic.Training;

/// <summary>What was measured and chosen for <see cref="Precision.Auto"/>.</summary>
/// <param name="Chosen">bfloat16 or float32.</param>
/// <param name="Fp32GigaFlops">Speed of float32 products; null if nothing was measured.</param>
/// <param name="Bf16GigaFlops">Speed of bfloat16 products; null if nothing was measured.</param>
internal sealed record PrecisionChoice(Precision Chosen, double? Fp32GigaFlops, double? Bf16GigaFlops)
{
    // The casts around every product cost what a small gain brings; and a choice near the border would change from run
    // to run.
    private const double GainThatPays = 1.5;
    private const int Side = 512;
    private static readonly TimeSpan MeasuringTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The precision asked for, or for <see cref="Precision.Auto"/> the one that a measurement favors.
    /// </summary>
    public static PrecisionChoice Make(Precision asked, Device device)
    {
        if (asked != Precision.Auto)
        {
            return new PrecisionChoice(asked, null, null);
        }

        var (fp32, bf16) = (GigaFlops(ScalarType.Float32, device), GigaFlops(ScalarType.BFloat16, device));
        return new PrecisionChoice(bf16 > GainThatPays * fp32 ? Precision.Bf16 : Precision.Fp32, fp32, bf16);
    }

    /// <summary>The choice in words.</summary>
    public override string ToString() =>
        Fp32GigaFlops is null
            ? $"matrix products in {Chosen.ToString().ToLowerInvariant()}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"matrix products in {Chosen.ToString().ToLowerInvariant()} (measured: fp32 {Fp32GigaFlops:0}, bf16 "
                    + $"{Bf16GigaFlops:0} GFLOP/s)"
            );

    private static double GigaFlops(ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var matrix = ones(Side, Side, dtype: type, device: device);
        matrix.mm(matrix).Dispose(); // The first product prepares its kernel.
        DeviceClock.Synchronize(device);
        var clock = Stopwatch.StartNew();
        long products = 0;
        while (clock.Elapsed < MeasuringTime)
        {
            matrix.mm(matrix).Dispose();
            products++;
            DeviceClock.Synchronize(device);
        }

        return products * 2.0 * Side * Side * Side / clock.Elapsed.TotalSeconds / 1e9;
    }
}
