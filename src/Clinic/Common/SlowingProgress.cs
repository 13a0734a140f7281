namespace TransformerClinic.Common;

/// <summary>
/// Predicts the end of work whose units become cheaper and cheaper, where the mean rate so far would predict hours. If
/// unit k costs about A / k (true for merges: pairs of symbols follow Zipf's law), every doubling of the finished work
/// takes the same time, <c>A ln 2</c>, and the rest takes the time of the last doubling <c>log2(total / done)</c>
/// times.
/// </summary>
/// <param name="inner">Receives the progress, with the time left once it can be predicted.</param>
/// <param name="total">The total number of units.</param>
/// <param name="clock">The time since some fixed moment.</param>
internal sealed class SlowingProgress(IProgress<WorkDone> inner, double total, Func<TimeSpan> clock) : IProgress<double>
{
    // The first units are too few to show a trend, and the very first includes the preparation for all.
    private const double FirstPredicted = 64;

    private readonly List<(double Done, TimeSpan At)> _reports = [];
    private int _half;

    /// <inheritdoc/>
    public void Report(double value)
    {
        var now = clock();
        _reports.Add((value, now));
        while (_half + 1 < _reports.Count && _reports[_half + 1].Done <= value / 2)
        {
            _half++;
        }

        var doubling = now - _reports[_half].At;
        var left = doubling * Math.Log2(total / value);
        inner.Report(new WorkDone(value, AtMost: value < FirstPredicted ? null : left) { Uneven = true });
    }
}
