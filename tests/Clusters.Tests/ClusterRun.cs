namespace TransformerClinic.Clusters.Tests;

/// <summary>A recipe and text so small that a run takes seconds, and one run of it in a single process.</summary>
public sealed class ClusterRun : IDisposable
{
    private const int Updates = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, IReadOnlyList<string>> _alone = [];
    private int _folders;

    public ClusterRun() =>
        Recipe = TinyRecipeFile.Write(
            _folder.FullName,
            "cluster",
            $"maxUpdates: {Updates}",
            "parts: 4",
            "validateEvery: 5",
            "checkpointEvery: 5"
        );

    /// <summary>The recipe.</summary>
    public string Recipe { get; }

    /// <summary>A file in the folder of the recipe.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A folder that no other test uses.</summary>
    public string FreshFolder() => PathOf($"run-{++_folders}");

    /// <summary>The command that trains into a folder.</summary>
    public string[] Train(string run, int threads, params string[] settings) =>
        [
            Launcher.Clinic,
            "train",
            Recipe,
            "--run",
            run,
            "--set",
            $"threads={threads}",
            .. settings.SelectMany(setting => (string[])["--set", setting]),
        ];

    /// <summary>What a run in a process by itself leaves behind; it runs once for each group of settings.</summary>
    internal IReadOnlyList<string> Alone(params string[] settings)
    {
        var key = string.Join(' ', settings);
        if (!_alone.TryGetValue(key, out var fingerprint))
        {
            var run = FreshFolder();
            AssertDone(Started.Run(Train(run, 4, settings)));
            _alone[key] = fingerprint = RunFingerprint.Of(run);
        }

        return fingerprint;
    }

    /// <summary>A finished run has left behind, byte by byte, what a process by itself does.</summary>
    internal void AssertAsAlone(string run, params string[] settings) =>
        Assert.Null(RunFingerprint.Difference(Alone(settings), RunFingerprint.Of(run)));

    internal static void AssertDone(Ended ended) => Assert.True(ended.ExitCode == 0, ended.All);

    /// <summary>The update in the last complete line of a run's log; 0 if there is none.</summary>
    public static int LastUpdate(string run)
    {
        var log = Path.Combine(run, "log.jsonl");
        if (!File.Exists(log))
        {
            return 0;
        }

        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader
            .ReadToEnd()
            .Split('\n')[..^1]
            .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt32())
            .LastOrDefault();
    }

    public void Dispose() => _folder.Dispose();
}
