namespace TransformerClinic.Common;

/// <summary>Hands on a count of what is done.</summary>
public sealed class CountProgress(IProgress<WorkDone> inner) : IProgress<(int Done, int Total)>
{
    /// <inheritdoc/>
    public void Report((int Done, int Total) value) => inner.Report(new WorkDone(value.Done));
}
