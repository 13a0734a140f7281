using System.Diagnostics;
using Spectre.Console;
using TransformerClinic.Common;

namespace TransformerClinic.Cli.Output;

/// <summary>Progress without a terminal: an occasional line with rate and time left.</summary>
internal sealed class LineProgress(IAnsiConsole console, string what, string unit, double total) : IProgress<WorkDone>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = Interval;
    private double? _first;

    /// <inheritdoc/>
    public void Report(WorkDone value)
    {
        _first ??= value.Done;
        if (_clock.Elapsed < _next)
        {
            return;
        }

        _next = _clock.Elapsed + Interval;
        var rate = (value.Done - _first.Value) / _clock.Elapsed.TotalSeconds;
        var left = value.Left(
            rate > 0 && double.IsFinite(total) ? TimeSpan.FromSeconds(Math.Min((total - value.Done) / rate, 1e8)) : null
        );
        var detail = value.Detail.Length == 0 ? "" : $"  {value.Detail}";
        var speed = rate > 0 ? "  " + Numbers.Speed(rate, unit) : "";
        var eta = left is { } time ? $"  {Duration(time)} left" : "";
        var of = double.IsFinite(total) ? FormattableString.Invariant($" of {total:0}") : "";
        console.WriteLine(FormattableString.Invariant($"{what}: {value.Done:0}{of} {unit}{detail}{speed}{eta}"));
    }

    private static string Duration(TimeSpan time) =>
        time.TotalHours >= 1
            ? FormattableString.Invariant($"{(int)time.TotalHours} h {time.Minutes:00} min")
            : FormattableString.Invariant($"{time.Minutes} min {time.Seconds:00} s");
}
