namespace TransformerClinic.Common;

/// <summary>
/// Foresees the end of work whose units become cheaper and cheaper, where the mean rate so far would foresee hours: if
/// unit k costs about A / k (of merges: pairs of symbols follow Zipf's law), every doubling of what is done takes the
/// same time, <c>A ln 2</c>, and the rest takes the time of the last doubling <c>log2(total / done)</c> times.
/// </summary>
/// <param name="inner">Told what is done, with the time left once it can be foreseen.</param>
/// <param name="total">Units in all.</param>
/// <param name="clock">The time since some moment.</param>
internal sealed class SlowingProgress(IProgress<WorkDone> inner, double total, Func<TimeSpan> clock) : IProgress<double>
{
    // The first units are too few to show a trend, and the very first bears what is prepared for all.
    private const double FirstForeseen = 64;

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
        inner.Report(new WorkDone(value, AtMost: value < FirstForeseen ? null : left) { Uneven = true });
    }
}
