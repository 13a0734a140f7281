using TransformerClinic.Common;

namespace TransformerClinic.Comparisons;

/// <summary>
/// Shows the progress of a training together with the time left of all trainings, and notes the memory in use.
/// </summary>
/// <param name="console">Shows it.</param>
/// <param name="total">The length of all trainings, in any unit.</param>
/// <param name="clock">The time since some fixed moment.</param>
/// <param name="memory">Bytes that the process has in memory now.</param>
internal sealed class ComparisonProgress(IRunConsole console, double total, Func<TimeSpan> clock, Func<long> memory)
    : IRunConsole
{
    private const string Training = "training";
    private const double BytesPerMiB = 1 << 20;

    private double _left = total;
    private double _length;
    private double _endedLength;
    private double _endedSeconds;
    private double _lastSeconds;
    private long _peak;
    private string _name = Training;

    /// <summary>
    /// The largest working set after an update of the present training, in MiB; null if it made none.
    /// </summary>
    public double? PeakMiB => _peak == 0 ? null : _peak / BytesPerMiB;

    /// <summary>A training begins.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="length">Its length, in the unit of the total.</param>
    public void Begin(string name, double length)
    {
        (_name, _length, _peak, _lastSeconds) = (name, length, 0, 0);
        _left -= length;
    }

    /// <summary>A training is done already.</summary>
    /// <param name="length">Its length, in the unit of the total.</param>
    public void Skip(double length) => _left -= length;

    /// <summary>The present training has ended.</summary>
    public void End()
    {
        if (_lastSeconds > 0)
        {
            _endedLength += _length;
            _endedSeconds += _lastSeconds;
        }
    }

    /// <inheritdoc/>
    public void Say(string line) => console.Say(line);

    /// <inheritdoc/>
    public T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work) =>
        what == Training
            ? console.Work(_name, unit, total, progress => work(new Watch(this, progress, total, clock())))
            : console.Work(what, unit, total, work);

    /// <summary>
    /// The time left of this and all later trainings: theirs is estimated by their length and the time per length so
    /// far.
    /// </summary>
    /// <param name="elapsed">The time of the present training so far.</param>
    /// <param name="left">The time left of the present training.</param>
    internal TimeSpan LeftOfAll(TimeSpan elapsed, TimeSpan left)
    {
        var all = (elapsed + left).TotalSeconds;
        var done = all > 0 ? elapsed.TotalSeconds / all : 0;
        var perLength = (_endedSeconds + elapsed.TotalSeconds) / Math.Max(_endedLength + (done * _length), 1e-9);
        return left + TimeSpan.FromSeconds(Math.Min(_left * perLength, 1e9));
    }

    private void Note(TimeSpan elapsed)
    {
        _peak = Math.Max(_peak, memory());
        _lastSeconds = elapsed.TotalSeconds;
    }

    private sealed class Watch(ComparisonProgress all, IProgress<WorkDone> inner, double total, TimeSpan begun)
        : IProgress<WorkDone>
    {
        private double? _first;

        public void Report(WorkDone value)
        {
            _first ??= value.Done;
            var elapsed = all.Elapsed(begun);
            all.Note(elapsed);
            var done = value.Done - _first.Value;
            var byRate =
                done > 0 && double.IsFinite(total)
                    ? elapsed * Math.Min((total - value.Done) / done, 1e6)
                    : (TimeSpan?)null;
            inner.Report(
                value.Left(byRate) is { } left
                    ? value with
                    {
                        Detail =
                            $"{value.Detail}, all trainings "
                            + $"{Numbers.Duration(all.LeftOfAll(elapsed, left).TotalSeconds)} left",
                    }
                    : value
            );
        }
    }

    private TimeSpan Elapsed(TimeSpan begun) => clock() - begun;
}
