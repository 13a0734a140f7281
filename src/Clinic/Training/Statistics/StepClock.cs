using System.Diagnostics;

namespace TransformerClinic.Training.Statistics;

/// <summary>
/// Where the time of training goes, in seconds since <see cref="Reset"/>; of parallel workers it counts the mean.
/// </summary>
internal sealed class StepClock
{
    /// <summary>Making batches.</summary>
    public double Data { get; private set; }

    /// <summary>Forward passes, the loss and its gradient with respect to the logits included.</summary>
    public double Forward { get; private set; }

    /// <summary>Backward passes; on devices also what is left of them when the program waits.</summary>
    public double Backward { get; private set; }

    /// <summary>Adding up the workers' gradients, their norm, and the optimizer's pass.</summary>
    public double Optimizer { get; private set; }

    /// <summary>Exchanging gradients and weights with other processes, waiting for them included.</summary>
    public double Exchange { get; private set; }

    /// <summary>Resets to zero.</summary>
    public void Reset() => (Data, Forward, Backward, Optimizer, Exchange) = (0, 0, 0, 0, 0);

    internal T TimeData<T>(Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = work();
        Data += Since(start);
        return result;
    }

    internal void TimeData(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        Data += Since(start);
    }

    /// <summary>Waits for a device count as its backward pass, which is what it is at.</summary>
    internal T TimeBackward<T>(Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = work();
        Backward += Since(start);
        return result;
    }

    internal T TimeOptimizer<T>(Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = work();
        Optimizer += Since(start);
        return result;
    }

    internal void TimeOptimizer(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        Optimizer += Since(start);
    }

    internal T TimeExchange<T>(Func<T> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = work();
        AddExchange(Since(start));
        return result;
    }

    internal void TimeExchange(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        AddExchange(Since(start));
    }

    internal void AddExchange(double seconds) => Exchange += seconds;

    internal void AddPasses(double forward, double backward) =>
        (Forward, Backward) = (Forward + forward, Backward + backward);

    internal static double Since(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;
}
