using System.Globalization;

namespace TransformerClinic.Training;

/// <summary>What was measured and chosen for <see cref="Precision.Auto"/>.</summary>
/// <param name="Chosen">bfloat16 or float32.</param>
/// <param name="Fp32Seconds">Seconds of a pass forward and back in float32; null if nothing was measured.</param>
/// <param name="Bf16Seconds">The same in bfloat16.</param>
/// <param name="Fp32GigaFlops">Speed of float32 products, which earlier versions measured.</param>
/// <param name="Bf16GigaFlops">The same of bfloat16.</param>
internal sealed record PrecisionChoice(
    Precision Chosen,
    double? Fp32Seconds = null,
    double? Bf16Seconds = null,
    double? Fp32GigaFlops = null,
    double? Bf16GigaFlops = null
)
{
    // Where they are level, float32 is the better one.
    private const double GainThatPays = 1.03;

    /// <summary>
    /// The precision asked for, or for <see cref="Precision.Auto"/> the one that a measurement favors.
    /// </summary>
    /// <param name="asked">What the recipe asks for.</param>
    /// <param name="measure">Takes the measurement: seconds of the same work in each precision.</param>
    public static PrecisionChoice Make(Precision asked, Func<(double Fp32, double Bf16)> measure)
    {
        if (asked != Precision.Auto)
        {
            return new PrecisionChoice(asked);
        }

        var (fp32, bf16) = measure();
        return new PrecisionChoice(bf16 * GainThatPays < fp32 ? Precision.Bf16 : Precision.Fp32, fp32, bf16);
    }

    /// <summary>The choice in words.</summary>
    public override string ToString() => $"matrix products in {Chosen.ToString().ToLowerInvariant()}{Measured()}";

    private string Measured() =>
        (Fp32Seconds, Fp32GigaFlops) switch
        {
            ({ } fp32, _) => string.Create(
                CultureInfo.InvariantCulture,
                $" (measured on this model and text: fp32 {fp32:0.000}, bf16 {Bf16Seconds:0.000} s per update)"
            ),
            (_, { } fp32) => string.Create(
                CultureInfo.InvariantCulture,
                $" (measured: fp32 {fp32:0}, bf16 {Bf16GigaFlops:0} GFLOP/s)"
            ),
            _ => "",
        };
}
