namespace TransformerClinic.Diagnosis.Findings;

/// <summary>What a learning curve shows, as facts.</summary>
internal sealed record CurveFindings
{
    /// <summary>First update whose loss is not finite; null if all are.</summary>
    public long? NotFiniteAt { get; private init; }

    /// <summary>Finite points of training and validation together.</summary>
    public int Points { get; private init; }

    /// <summary>
    /// Whether <see cref="Start"/> and <see cref="End"/> are of the validation set; otherwise of training.
    /// </summary>
    public bool Validated { get; private init; }

    /// <summary>First loss; null without a finite point.</summary>
    public double? Start { get; private init; }

    /// <summary>Last loss; null without a finite point.</summary>
    public double? End { get; private init; }

    /// <summary>
    /// From the very first loss, of training or validation, to the best: an untrained model does not know one from the
    /// other, and the first validation often comes when most of the fall is over.
    /// </summary>
    public double Fall { get; private init; }

    /// <summary>
    /// The validation loss before the first update, which a trained model has to begin with; null where it was not
    /// measured.
    /// </summary>
    public double? Before { get; private init; }

    /// <summary>
    /// How far the best validation after an update is below <see cref="Before"/>; null unless there are both.
    /// </summary>
    public double? Improvement { get; private init; }

    /// <summary>The validation with the lowest loss; null if there was none.</summary>
    public ValidPoint? Best { get; private init; }

    /// <summary>
    /// Update around which the training loss rose by a <see cref="Thresholds.Notable"/> amount; null if it never did.
    /// </summary>
    public long? RoseAt { get; private init; }

    /// <summary>Whether the training loss stayed risen to the end.</summary>
    public bool StayedRisen { get; private init; }

    /// <summary>
    /// Gain in validation loss over the last interval, if the last validation was the best; otherwise 0.
    /// </summary>
    public double LastGain { get; private init; }

    /// <summary>How far the last validation loss is above the best.</summary>
    public double AboveBest => Best is { } best && End is { } end ? end - best.Nll : 0;

    /// <summary>Examines a curve.</summary>
    public static CurveFindings Of(LearningCurve curve)
    {
        var valid = curve.Valid.Where(point => double.IsFinite(point.Nll)).ToList();
        var train = curve.Train.Where(point => double.IsFinite(point.Nll)).ToList();
        var steps = curve
            .Train.Where(point => !double.IsFinite(point.Nll))
            .Select(point => point.Step)
            .Concat(curve.Valid.Where(point => !double.IsFinite(point.Nll)).Select(point => point.Step))
            .ToList();
        var losses = valid.Count > 0 ? valid.ConvertAll(point => point.Nll) : train.ConvertAll(point => point.Nll);
        var earliest =
            train.Count > 0 && (valid.Count == 0 || train[0].Step <= valid[0].Step)
                ? train[0].Nll
                : losses.FirstOrDefault();
        var (roseAt, stayedRisen) = Rise(train);
        var before = valid.FirstOrDefault(point => point.Step == 0)?.Nll;
        return new CurveFindings
        {
            NotFiniteAt = steps.Count > 0 ? steps.Min() : null,
            Points = valid.Count + train.Count,
            Validated = valid.Count > 0,
            Start = losses.Count > 0 ? losses[0] : null,
            End = losses.Count > 0 ? losses[^1] : null,
            Fall = losses.Count > 0 ? earliest - losses.Min() : 0,
            Before = before,
            Improvement = before - valid.Where(point => point.Step > 0).Select(point => (double?)point.Nll).Min(),
            Best = valid.MinBy(point => point.Nll),
            RoseAt = roseAt,
            StayedRisen = stayedRisen,
            LastGain =
                valid.Count > 1 && valid[^1].Nll <= valid.Min(point => point.Nll) ? valid[^2].Nll - valid[^1].Nll : 0,
        };
    }

    private static (long? At, bool ToTheEnd) Rise(List<TrainPoint> train)
    {
        var size = Math.Max(1, (train.Count + Thresholds.Windows - 1) / Thresholds.Windows);
        long? at = null;
        var risen = false;
        var lowest = double.PositiveInfinity;
        foreach (var window in train.Chunk(size))
        {
            var mean = window.Average(point => point.Nll);
            risen = mean > lowest + Thresholds.Notable;
            at ??= risen ? window[0].Step : null;
            lowest = Math.Min(lowest, mean);
        }

        return (at, risen);
    }
}
