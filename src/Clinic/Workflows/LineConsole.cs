using TransformerClinic.Common;

namespace TransformerClinic.Workflows;

/// <summary>Says lines to a program, or to nobody; progress within a stretch of work is not told.</summary>
internal sealed class LineConsole(Action<string>? say) : IRunConsole
{
    /// <inheritdoc/>
    public void Say(string line) => say?.Invoke(line);

    /// <inheritdoc/>
    public T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work) => work(new Unheard());

    private sealed class Unheard : IProgress<WorkDone>
    {
        public void Report(WorkDone value) { }
    }
}
