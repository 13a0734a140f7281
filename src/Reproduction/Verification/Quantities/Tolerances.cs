using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Quantities;

/// <summary>Every tolerance of the verification, with its reason.</summary>
internal static class Tolerances
{
    /// <summary>For what must be identical to the last bit.</summary>
    public static readonly Tolerance Identical = new(0, Measure.Absolute);

    /// <summary>
    /// The table is built in float32, and its frequencies come from an exponential in which libraries differ in the
    /// last bit: at position r that moves the angle by up to <c>r * 2^-24</c>, and the angle itself, of up to 64, is
    /// rounded to 2^-18; both are 4e-6 at the end of the recorded rows. Another formula would differ by tenths.
    /// </summary>
    public static readonly Tolerance Positions = new(1e-5, Measure.Absolute);

    /// <summary>For what was computed and stored in float64.</summary>
    public static readonly Tolerance Float64 = new(1e-9, Measure.Relative);

    /// <summary>
    /// For what was computed in float64 and stored in float32: rounding changes a value by up to 2^-24 = 6e-8 of it.
    /// </summary>
    public static readonly Tolerance RoundedToFloat32 = new(1e-7, Measure.Relative);

    /// <summary>For our float32 against the reference's float64.</summary>
    public static readonly Tolerance Float32 = new(2e-5, Measure.Relative);

    /// <summary>For values after some updates of an optimizer, computed and stored in float64.</summary>
    public static readonly Tolerance Updated = new(1e-8, Measure.Relative);

    /// <summary>
    /// BLEU and chrF are printed with two decimals; values that print the same differ by less than this.
    /// </summary>
    public static readonly Tolerance Printed = new(0.01, Measure.TwoDecimals);

    /// <summary>Scores of hypotheses in float64; ours store the log-probability of each token as float32.</summary>
    public static readonly Tolerance ScoresFloat64 = new(1e-6, Measure.RelativeToOne);

    /// <summary>Scores of hypotheses in float32.</summary>
    public static readonly Tolerance ScoresFloat32 = new(2e-5, Measure.RelativeToOne);

    /// <summary>
    /// For values after some updates in float32, against the reference's own float32: every update starts from the
    /// rounding of the one before, and optimizers that divide by the gradient's own size turn rounding into steps where
    /// the gradient is small.
    /// </summary>
    public static readonly Tolerance UpdatedFloat32 = new(1e-4, Measure.Relative);

    /// <summary>For a value that was computed in float64.</summary>
    public static Tolerance In(ScalarType precision) => precision == ScalarType.Float64 ? Float64 : Float32;

    /// <summary>For a value that was computed in float64 and stored as <paramref name="stored"/>.</summary>
    public static Tolerance In(ScalarType precision, ScalarType stored) =>
        precision == ScalarType.Float64 && stored == ScalarType.Float32 ? RoundedToFloat32 : In(precision);

    /// <summary>For values after some updates, stored as <paramref name="stored"/>.</summary>
    public static Tolerance AfterUpdates(ScalarType precision, ScalarType stored) =>
        precision == ScalarType.Float32 ? UpdatedFloat32
        : stored == ScalarType.Float32 ? RoundedToFloat32
        : Updated;

    /// <summary>
    /// For the exact decomposition of states, which was recorded from branches rounded to float32: in Pre-LN, where it
    /// equals the plot's row, the two records differ by 1e-8.
    /// </summary>
    public static Tolerance Decomposition(ScalarType precision) =>
        precision == ScalarType.Float64 ? RoundedToFloat32 : Float32;

    /// <summary>
    /// For the change caused by a step of the weights. In float32 weights of up to 1/2 are 3e-8 apart, so the step
    /// itself is rounded by that share, and so are the states, around 1, whose small difference is taken.
    /// </summary>
    public static Tolerance OutputChange(ScalarType precision, double step) =>
        precision == ScalarType.Float64 ? Float64 : new Tolerance(3e-8 / step, Measure.Relative);

    /// <summary>For scores of hypotheses.</summary>
    public static Tolerance ScoresIn(ScalarType precision) =>
        precision == ScalarType.Float64 ? ScoresFloat64 : ScoresFloat32;
}
