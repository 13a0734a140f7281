using TransformerClinic.Common;

namespace TransformerClinic.Bench.Adaptation;

/// <summary>Writes a run's lines to standard error, preceded by the run's name; shows no progress.</summary>
internal sealed class LineConsole(string name) : IRunConsole
{
    public void Say(string line) => Console.Error.WriteLine($"{name}: {line}");

    public T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work) => work(new Silence());

    private sealed class Silence : IProgress<WorkDone>
    {
        public void Report(WorkDone value) { }
    }
}
