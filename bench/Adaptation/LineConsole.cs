using TransformerClinic.Common;

namespace TransformerClinic.Bench.Adaptation;

/// <summary>Says what a run says on standard error, the run's name before it; shows no progress.</summary>
internal sealed class LineConsole(string name) : IRunConsole
{
    public void Say(string line) => Console.Error.WriteLine($"{name}: {line}");

    public T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work) => work(new Silence());

    private sealed class Silence : IProgress<WorkDone>
    {
        public void Report(WorkDone value) { }
    }
}
