namespace TransformerClinic.Common;

/// <summary>Forwards a count of finished work.</summary>
internal sealed class CountProgress(IProgress<WorkDone> inner) : IProgress<(int Done, int Total)>
{
    /// <inheritdoc/>
    public void Report((int Done, int Total) value) => inner.Report(new WorkDone(value.Done));
}
