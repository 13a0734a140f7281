namespace TransformerClinic.Cli.Tests;

/// <summary>A tiny run that is trained once, for all tests that only read it.</summary>
public sealed class TrainedTinyRun : IDisposable
{
    private readonly TinyRun _tiny = new();
    private readonly Lazy<string> _run;

    public TrainedTinyRun() =>
        _run = new(() =>
        {
            var result = ClinicProcess.Run(
                "train",
                _tiny.Recipe,
                "--run",
                _tiny.Run,
                "--set",
                "training.maxUpdates=200",
                "--set",
                "training.checkpointEvery=50",
                "--set",
                "training.validateEvery=100"
            );
            Assert.True(result.ExitCode == 0, result.Error);
            return _tiny.Run;
        });

    /// <summary>The run folder.</summary>
    public string Run => _run.Value;

    /// <summary>A path in the folder that the run folder is in.</summary>
    public string PathOf(string name) => Path.Combine(Path.GetDirectoryName(Run)!, name);

    public void Dispose() => _tiny.Dispose();
}
