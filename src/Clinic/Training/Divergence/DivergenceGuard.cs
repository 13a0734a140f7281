using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Training.Divergence;

/// <summary>
/// Recognizes divergence by an update's loss and gradient norm, and decides how to treat it. All its memory is in the
/// training's state.
/// </summary>
/// <param name="options">What counts as divergence, and the policy.</param>
/// <param name="unigramNll">
/// Negative log-likelihood of a model that knows word frequencies only, in nats per target token; null if it is not
/// known.
/// </param>
internal sealed class DivergenceGuard(DivergenceOptions options, double? unigramNll)
{
    // By themselves, sentence length and position save a few tenths of a nat; half a nat leaves no room for use of the
    // source sentence.
    private const double ClearlyBelowUnigram = 0.5;

    private readonly DivergenceOptions _options = OptionCheck.Valid(options, "training.divergence");

    /// <summary>What is wrong with an update, or null.</summary>
    /// <param name="recent">The updates before.</param>
    /// <param name="loss">Its label-smoothed cross entropy, in nats per target token.</param>
    /// <param name="nll">Its negative log-likelihood, in nats per target token.</param>
    /// <param name="gradientNorm">Norm of the gradient of its mean loss.</param>
    public (IncidentKind Kind, string Cause)? Examine(
        RecentUpdates recent,
        double loss,
        double nll,
        double gradientNorm
    ) =>
        !double.IsFinite(loss) || !double.IsFinite(nll) ? (IncidentKind.NotFinite, "its loss is not finite")
        : !double.IsFinite(gradientNorm) ? (IncidentKind.NotFinite, "its gradient is not finite")
        : (Jump("nll", recent.Nlls, nll) ?? Jump("gradient norm", recent.GradientNorms, gradientNorm)) is { } jump
            ? (IncidentKind.Jump, jump)
        : null;

    /// <summary>
    /// Whether it needs no report of its own: of a stretch of jumps that are only reported, the first is.
    /// </summary>
    public bool AlreadyReported(IncidentKind kind, TrainingState state) =>
        kind == IncidentKind.Jump && state.Recent.Jumped && Treat(kind, state) == Treatment.Told;

    /// <summary>How to treat an incident.</summary>
    public Treatment Treat(IncidentKind kind, TrainingState state) =>
        (kind, _options.Policy) switch
        {
            (IncidentKind.Jump, _) when _options.Jumps == JumpHandling.Tell => Treatment.Told,
            (_, DivergencePolicy.Stop) => Treatment.Stopped,
            (IncidentKind.Plateau, _) => Treatment.Told,
            (_, DivergencePolicy.Rollback) => state.Rollbacks < _options.Rollbacks
                ? Treatment.RolledBack
                : Treatment.Stopped,
            (IncidentKind.Weights, _) => Treatment.Stopped, // skipping updates repairs no weight
            _ => Treatment.Skipped,
        };

    /// <summary>Why training is beyond repair although each single update was treated, or null.</summary>
    public string? IsBeyondRepair(TrainingState state) =>
        state.SkippedInARow >= _options.SkipsInARow
            ? string.Create(CultureInfo.InvariantCulture, $"{state.SkippedInARow} updates in a row were skipped")
            : null;

    /// <summary>The plateau that the loss is on, in words; null if there is none or it is not time to look.</summary>
    public string? Plateau(TrainingState state)
    {
        var nlls = state.Recent.Nlls;
        if (
            _options.Plateau == 0
            || state.Update % _options.Plateau != 0
            || nlls.Count < _options.Window
            || unigramNll is not { } unigram
        )
        {
            return null;
        }

        var median = RobustLimit.MedianOf([.. nlls]);
        return median > unigram - ClearlyBelowUnigram
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the loss is stuck: the median of the last {nlls.Count} updates, {median:0.00} nats per token, is not "
                    + $"clearly below {unigram:0.00}, which knowing how frequent each subword is gives by itself"
            )
            : null;
    }

    private string? Jump(string what, IReadOnlyList<double> recent, double value)
    {
        if (_options.Spread == 0 || recent.Count < _options.Window)
        {
            return null;
        }

        var (median, spread, limit) = RobustLimit.Of(recent, _options.Spread);
        return value > limit
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"its {what} of {value:0.###} is beyond {limit:0.###}: the median of the last {recent.Count} "
                    + $"updates, {median:0.###}, and {_options.Spread:0.##} times their spread, {spread:0.###}"
            )
            : null;
    }
}
