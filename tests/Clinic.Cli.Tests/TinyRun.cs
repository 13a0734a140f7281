namespace TransformerClinic.Cli.Tests;

/// <summary>A recipe and a corpus so small that a whole run takes seconds.</summary>
internal sealed class TinyRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyRun() =>
        Recipe = TinyRecipeFile.Write(
            _folder.FullName,
            "tiny",
            "maxUpdates: 12",
            "validateEvery: 6",
            "checkpointEvery: 3"
        );

    public string Recipe { get; }

    public string Run => PathOf("run");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Dispose();
}
