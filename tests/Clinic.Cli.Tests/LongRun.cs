using System.Diagnostics;
using TransformerClinic.Training.Checkpoints;

namespace TransformerClinic.Cli.Tests;

/// <summary>
/// A run of many short updates with a checkpoint every third, for tests to disturb; and an undisturbed one next to it,
/// run once for all tests of the collection.
/// </summary>
[CollectionDefinition(nameof(LongRun))]
public sealed class LongRun : ICollectionFixture<LongRun>, IDisposable
{
    private const int Updates = 80;

    private readonly TinyRun _tiny = new();
    private readonly Lazy<IReadOnlyList<string>> _whole;
    private int _folders;

    public LongRun() =>
        _whole = new(() =>
        {
            var whole = ClinicProcess.Run(Command(PathOf("whole")));
            Assert.True(whole.ExitCode == 0, whole.Error);
            return RunFingerprint.Of(PathOf("whole"));
        });

    internal string PathOf(string name) => _tiny.PathOf(name);

    /// <summary>A folder that no other test uses.</summary>
    internal string FreshFolder() => PathOf($"run-{++_folders}");

    /// <summary>The command that trains into a folder.</summary>
    internal string[] Command(string run, params string[] more) =>
        [
            "train",
            _tiny.Recipe,
            "--run",
            run,
            "--set",
            "threads=1",
            "--set",
            $"training.maxUpdates={Updates}",
            "--set",
            "training.tokensPerBatch=100",
            "--set",
            "training.logEvery=2",
            "--set",
            "training.checkpointEvery=3",
            "--set",
            "training.validateEvery=10",
            "--set",
            "training.keepBest=2",
            "--set",
            "training.average=3",
            .. more,
        ];

    /// <summary>
    /// Runs the command again, which must finish with the same result as an undisturbed run.
    /// </summary>
    internal ClinicResult AssertEndsAsWhole(string run)
    {
        var result = ClinicProcess.Run(Command(run));
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Null(RunFingerprint.Difference(_whole.Value, RunFingerprint.Of(run)));
        return result;
    }

    /// <summary>Checks that every checkpoint is complete; returns their number.</summary>
    internal static int AssertCheckpointsWhole(string run)
    {
        var checkpoints = CheckpointStore.In(
            Path.Combine(run, "checkpoints"),
            (folder, reason) => Assert.Fail($"{folder}: {reason}")
        );
        Assert.All(checkpoints, checkpoint => Assert.Null(checkpoint.Damage()));
        return checkpoints.Count;
    }

    /// <summary>Waits until a process has logged an update.</summary>
    internal static void WaitForUpdate(Process process, string run, int update) =>
        ClinicProcess.WaitUntil(process, () => ClinicProcess.LastStep(Path.Combine(run, "log.jsonl")) >= update);

    public void Dispose() => _tiny.Dispose();
}
