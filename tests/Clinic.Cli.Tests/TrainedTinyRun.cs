namespace TransformerClinic.Cli.Tests;

/// <summary>A tiny run that is trained once for all tests of a class.</summary>
public sealed class TrainedTinyRun : IDisposable
{
    private readonly TinyRun _tiny = new();

    public TrainedTinyRun()
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
        // What a drawing library wrote there when its figures had a dashed line.
        Assert.DoesNotContain("path effect", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The run folder.</summary>
    public string Run => _tiny.Run;

    /// <summary>A path in the folder that contains the run folder.</summary>
    public string PathOf(string name) => _tiny.PathOf(name);

    public void Dispose() => _tiny.Dispose();
}
