using TransformerClinic.Common;

namespace TransformerClinic.Tests.Workflows;

/// <summary>Watches a run and asks it to stop after an update, as Ctrl-C at that moment would.</summary>
internal sealed class StoppingConsole(long stopAfter = long.MaxValue) : IRunConsole, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public List<string> Lines { get; } = [];

    /// <summary>What was worked on, in its order.</summary>
    public List<string> Stages { get; } = [];

    public CancellationToken Stop => _stop.Token;

    public void Say(string line) => Lines.Add(line);

    public T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work)
    {
        Stages.Add(what);
        return work(new Progress(what, Watch));
    }

    public void Dispose() => _stop.Dispose();

    private void Watch(string what, WorkDone done)
    {
        if (what == "training" && done.Done >= stopAfter)
        {
            _stop.Cancel();
        }
    }

    private sealed class Progress(string what, Action<string, WorkDone> watch) : IProgress<WorkDone>
    {
        public void Report(WorkDone value) => watch(what, value);
    }
}
