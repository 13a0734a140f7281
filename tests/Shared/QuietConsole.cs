using TransformerClinic.Common;

namespace TransformerClinic.Tests.Shared;

/// <summary>Lets runs speak to nobody, but keeps what they said and what kinds of work they did.</summary>
internal sealed class QuietConsole : IRunConsole
{
    public List<string> Works { get; } = [];

    public List<string> Said { get; } = [];

    public void Say(string line) => Said.Add(line);

    public T Work<T>(string what, string unit, double total, Func<IProgress<WorkDone>, T> work)
    {
        Works.Add(what);
        return work(new Progress<WorkDone>());
    }
}
