using TransformerClinic.Common;

namespace TransformerClinic.Reproduction.SmallTrainings;

/// <summary>Counts what several workers do, and reports it.</summary>
internal sealed class SharedCount(IProgress<WorkDone> progress)
{
    private readonly Lock _lock = new();
    private double _done;

    /// <summary>Adds finished work.</summary>
    /// <param name="done">How much.</param>
    /// <param name="detail">A few words about it.</param>
    public void Add(double done, string detail = "")
    {
        lock (_lock)
        {
            _done += done;
            progress.Report(new WorkDone(_done, detail));
        }
    }
}
