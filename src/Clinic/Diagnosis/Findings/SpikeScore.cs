namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// How often the log of a run spikes: the share of points t with <c>abs(v_t - mean) &gt;= 7 std</c>, mean and standard
/// deviation over the up to 1000 points before t (OLMo 2, 2501.00656, the spike score). A point of the log is one
/// update, so what happens between two lines of it is not seen.
/// </summary>
/// <param name="Points">
/// How many points were judged: all but the first <see cref="FewestBefore"/>, which have too little before them.
/// </param>
/// <param name="Loss">The share of spikes of the training loss.</param>
/// <param name="GradientNorm">The share of spikes of the gradient norm.</param>
/// <param name="LossSpikes">The updates at which the loss did.</param>
/// <param name="GradientNormSpikes">The updates at which the gradient norm did.</param>
internal sealed record SpikeScore(
    int Points,
    double Loss,
    double GradientNorm,
    IReadOnlyList<long> LossSpikes,
    IReadOnlyList<long> GradientNormSpikes
)
{
    /// <summary>A point is judged by this many points before it at least; ours, because our logs are short.</summary>
    public const int FewestBefore = 20;

    /// <summary>And by this many at most.</summary>
    public const int Window = 1000;

    private const double Deviations = 7;

    /// <summary>Scores a log; null where it is too short to judge any point.</summary>
    public static SpikeScore? Of(LearningCurve curve)
    {
        var points = curve.Train.Count - FewestBefore;
        if (points <= 0)
        {
            return null;
        }

        long[] Spikes(Func<TrainPoint, double> value)
        {
            double[] values = [.. curve.Train.Select(value)];
            return
            [
                .. Enumerable
                    .Range(FewestBefore, points)
                    .Where(t => IsSpike(values[t], values.AsSpan(Math.Max(0, t - Window), Math.Min(t, Window))))
                    .Select(t => curve.Train[t].Step),
            ];
        }

        var (loss, norm) = (Spikes(point => point.Nll), Spikes(point => point.GradientNorm));
        return new SpikeScore(points, loss.Length / (double)points, norm.Length / (double)points, loss, norm);
    }

    /// <summary>A value that is not finite is a spike; those before it are left out of mean and deviation.</summary>
    private static bool IsSpike(double value, ReadOnlySpan<double> before)
    {
        if (!double.IsFinite(value))
        {
            return true;
        }

        var (sum, squares, count) = (0.0, 0.0, 0);
        foreach (var earlier in before)
        {
            if (double.IsFinite(earlier))
            {
                (sum, squares, count) = (sum + earlier, squares + (earlier * earlier), count + 1);
            }
        }

        if (count < FewestBefore)
        {
            return false;
        }

        var mean = sum / count;
        var variance = Math.Max(0, (squares / count) - (mean * mean));
        return variance > 0 && Math.Abs(value - mean) >= Deviations * Math.Sqrt(variance);
    }
}
