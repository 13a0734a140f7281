namespace TransformerClinic.Cli.Tests;

/// <summary>
/// Like its namesake in the engine's tests, but with a process that receives a signal at an arbitrary moment.
/// </summary>
[Trait("Speed", "Slow")]
public class ExactResumeTests
{
    [Fact]
    public void An_interrupted_run_ends_with_the_same_bytes_as_an_uninterrupted_one()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Signals cannot be sent to another process on Windows.");
        }

        using var tiny = new TinyRun();
        string[] Command(string run) =>
            [
                "train",
                tiny.Recipe,
                "--run",
                run,
                "--set",
                "threads=2",
                "--set",
                "training.maxUpdates=91",
                "--set",
                "training.logEvery=4",
                "--set",
                "training.accumulate=2",
                "--set",
                "training.precision=bf16",
                "--set",
                "training.checkpointEvery=7",
                "--set",
                "model.attentionDropout=0.1",
                "--set",
                "model.activationDropout=0.1",
            ];
        var whole = ClinicProcess.Run(Command(tiny.PathOf("whole")));
        Assert.True(whole.ExitCode == 0, whole.Error);

        // A shell's background jobs ignore Ctrl-C, and so do the processes that they start.
        var interrupt = ClinicProcess.InterruptsAreIgnored() ? "TERM" : "INT";
        foreach (var (signal, update) in new[] { (interrupt, 5), ("TERM", 25), ("USR1", 41) })
        {
            using var process = ClinicProcess.Start(Command(tiny.PathOf("broken")));
            var log = tiny.PathOf("broken/log.jsonl");
            ClinicProcess.WaitUntil(process, () => ClinicProcess.LastStep(log) >= update);
            ClinicProcess.Signal(process, signal);
            if (signal == "USR1")
            {
                ClinicProcess.Signal(process, signal); // launchers may send it more than once
            }

            var interrupted = ClinicProcess.Finish(process);
            Assert.True(interrupted.ExitCode == 130, $"exit code {interrupted.ExitCode}: {interrupted.Error}");
            Assert.Contains("run the same command again to resume", interrupted.Error, StringComparison.Ordinal);
        }

        var resumed = ClinicProcess.Run(Command(tiny.PathOf("broken")));
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Contains("resuming after update", resumed.Error, StringComparison.Ordinal);
        Assert.Null(
            RunFingerprint.Difference(RunFingerprint.Of(tiny.PathOf("whole")), RunFingerprint.Of(tiny.PathOf("broken")))
        );
    }
}
