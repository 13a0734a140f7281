namespace TransformerClinic.Diagnosis.Findings;

/// <summary>Why a ramp of the learning rate ended.</summary>
internal enum RangeEnd
{
    /// <summary>The smoothed loss rose half a nat, a factor of 1.65 in perplexity, above its best.</summary>
    Diverged,

    /// <summary>A loss or gradient was not finite.</summary>
    NotFinite,

    /// <summary>While the rate tripled, the smoothed loss, which had fallen before, had no new best.</summary>
    Stagnated,

    /// <summary>The highest rate was reached.</summary>
    ReachedTop,
}

/// <summary>One update of a ramp.</summary>
/// <param name="LearningRate">Its rate.</param>
/// <param name="Nll">Its loss, in nats per target token; null where that is not finite.</param>
/// <param name="Smoothed">
/// The mean over the window of updates around it; null at both ends of the ramp, where there is no whole window.
/// </param>
internal sealed record RangePoint(double LearningRate, double? Nll, double? Smoothed);

/// <summary>
/// The loss over a growing learning rate. The maximum tolerable rate is the one at which the smoothed loss, the mean of
/// <c>2 h + 1</c> updates, is lowest: <c>r* = rate(argmin_t mean(L_{t-h} .. L_{t+h}))</c>. From there on larger steps
/// undo more than they gain (Smith 2018: the largest rate that can be the peak of a schedule).
/// </summary>
/// <param name="halfWindow">h</param>
internal sealed class RangeCurve(int halfWindow)
{
    // sqrt(10), half a decade.
    private const double Patience = 3.162;
    private readonly List<(double Rate, double Nll)> _updates = [];
    private readonly List<double> _smoothed = [];
    private int _best;

    /// <summary>Why it ended; null while it has not.</summary>
    public RangeEnd? End { get; private set; }

    /// <summary>Update by update.</summary>
    public IReadOnlyList<RangePoint> Points =>
        [
            .. _updates.Select(
                (update, i) =>
                    new RangePoint(
                        update.Rate,
                        double.IsFinite(update.Nll) ? update.Nll : null,
                        i >= halfWindow && i - halfWindow < _smoothed.Count ? _smoothed[i - halfWindow] : null
                    )
            ),
        ];

    /// <summary>
    /// The largest rate at which the loss still fell; null where it never fell by half a nat, so that no rate can be
    /// said to train.
    /// </summary>
    public double? MaxTolerable => HasFallen ? _updates[_best + halfWindow].Rate : null;

    /// <summary>The lowest smoothed loss; null before there is one.</summary>
    public double? Lowest => _smoothed.Count > 0 ? _smoothed[_best] : null;

    private bool HasFallen => _smoothed.Count > 0 && _smoothed[0] - _smoothed[_best] >= Thresholds.Notable;

    /// <summary>Adds an update; nothing is to be added after the <see cref="End"/>.</summary>
    /// <param name="rate">Its learning rate.</param>
    /// <param name="nll">Its loss, in nats per target token.</param>
    /// <param name="isLast">Whether no larger rate follows.</param>
    public void Add(double rate, double nll, bool isLast)
    {
        _updates.Add((rate, nll));
        if (!double.IsFinite(nll))
        {
            End = RangeEnd.NotFinite;
            return;
        }

        if (_updates.Count >= (2 * halfWindow) + 1)
        {
            _smoothed.Add(_updates.TakeLast((2 * halfWindow) + 1).Average(update => update.Nll));
            _best = _smoothed[^1] < _smoothed[_best] ? _smoothed.Count - 1 : _best;
        }

        End =
            _smoothed.Count > 0 && _smoothed[^1] > _smoothed[_best] + Thresholds.Notable ? RangeEnd.Diverged
            : HasFallen && _updates[_smoothed.Count - 1 + halfWindow].Rate > Patience * MaxTolerable
                ? RangeEnd.Stagnated
            : isLast ? RangeEnd.ReachedTop
            : null;
    }
}
