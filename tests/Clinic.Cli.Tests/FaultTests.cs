using System.Diagnostics;

namespace TransformerClinic.Cli.Tests;

/// <summary>
/// What can go wrong around a training process: the last complete checkpoint stays, the message says what to do, and
/// doing it helps.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(nameof(LongRun))]
public class FaultTests(LongRun work)
{
    private const UnixFileMode MayRead = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    [Fact]
    public void A_full_disk_keeps_the_last_checkpoints_and_the_run_resumes_once_there_is_room()
    {
        using var disk = SmallDisk.Mount(work.FreshFolder(), bytes: 1_200_000, out var why);
        if (disk is null)
        {
            Assert.Skip(why);
            return;
        }

        var run = Path.Combine(disk.Path, "run");
        var full = ClinicProcess.Run(work.Command(run, "--set", "training.keepLast=1000"));
        Assert.True(full.ExitCode == 1, $"exit code {full.ExitCode}: {full.Error}");
        Assert.Contains("The disk is full", full.Error, StringComparison.Ordinal);
        Assert.Contains("free some space and run the same command again", full.Error, StringComparison.Ordinal);
        Assert.InRange(LongRun.AssertCheckpointsWhole(run), 1, 9);

        disk.Grow(64_000_000);
        Assert.Contains("resuming after update", work.AssertEndsAsWhole(run).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_folder_is_named_and_the_run_resumes_once_it_is_writable()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Folders have no such permissions on Windows.");
            return;
        }

        var run = work.FreshFolder();
        var checkpoints = Path.Combine(run, "checkpoints");
        using (var process = StartUnprivileged(work.Command(run)))
        {
            LongRun.WaitForUpdate(process, run, 7);
            File.SetUnixFileMode(checkpoints, MayRead);
            var denied = ClinicProcess.Finish(process);
            Assert.True(denied.ExitCode == 2, $"exit code {denied.ExitCode}: {denied.Error}");
            Assert.Contains("Choose a writable folder.", denied.Error, StringComparison.Ordinal);
            Assert.Contains(checkpoints, denied.Error, StringComparison.Ordinal);
        }

        Assert.InRange(LongRun.AssertCheckpointsWhole(run), 1, 9);
        File.SetUnixFileMode(checkpoints, MayRead | UnixFileMode.UserWrite);
        work.AssertEndsAsWhole(run);
    }

    [Fact]
    public void A_moved_run_folder_ends_the_training_and_resumes_in_its_new_place()
    {
        SkipOnWindows("Folders in use cannot be moved there.");
        var (run, moved) = (work.FreshFolder(), work.FreshFolder());
        using (var process = ClinicProcess.Start(work.Command(run)))
        {
            LongRun.WaitForUpdate(process, run, 7);
            Directory.Move(run, moved);
            AssertVanished(ClinicProcess.Finish(process));
        }

        Assert.InRange(LongRun.AssertCheckpointsWhole(moved), 1, 9);
        work.AssertEndsAsWhole(moved);
    }

    [Fact]
    public void A_removed_run_folder_ends_the_training_and_the_same_command_starts_over()
    {
        SkipOnWindows("Folders in use cannot be removed there.");
        var run = work.FreshFolder();
        using (var process = ClinicProcess.Start(work.Command(run)))
        {
            LongRun.WaitForUpdate(process, run, 7);
            Remove(run);
            AssertVanished(ClinicProcess.Finish(process));
        }

        work.AssertEndsAsWhole(run);
    }

    [Fact]
    public void The_second_process_on_a_folder_is_told_about_the_first()
    {
        var run = work.FreshFolder();
        using (var first = ClinicProcess.Start(work.Command(run, "--set", "training.maxUpdates=100000")))
        {
            LongRun.WaitForUpdate(first, run, 3);
            var second = ClinicProcess.Run(work.Command(run));
            Assert.True(second.ExitCode == 2, $"exit code {second.ExitCode}: {second.Error}");
            Assert.Contains(
                $"another process is working in this run folder (process {first.Id} on {Environment.MachineName} "
                    + "since ",
                second.Error,
                StringComparison.Ordinal
            );
            Assert.Contains($"train {work.Command(run)[1]} --run {run}", second.Error, StringComparison.Ordinal);
            Assert.False(first.HasExited);
            first.Kill();
            ClinicProcess.Finish(first);
        }

        // The lock ended with the killed process; what it wrote about itself stayed.
        Assert.Equal(
            [".lock", ".lock-holder.json"],
            Directory.EnumerateFiles(run, ".*").Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        var third = ClinicProcess.Run(work.Command(run, "--set", "training.maxUpdates=1"));
        Assert.True(third.ExitCode == 0, third.Error);
        Assert.Equal([".lock"], Directory.EnumerateFiles(run, ".*").Select(Path.GetFileName));
    }

    private static void SkipOnWindows(string why) => Assert.SkipWhen(OperatingSystem.IsWindows(), why);

    private static void AssertVanished(ClinicResult result)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains("the run folder has vanished while it was in use", result.Error, StringComparison.Ordinal);
        Assert.Contains("the same run starts again from the beginning", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Removes a folder in which a process is working.</summary>
    private static void Remove(string folder)
    {
        while (Directory.Exists(folder))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // Another file has appeared in the meantime.
            }
        }
    }

    /// <summary>
    /// Starts the command so that permissions bind it: root without the capability to bypass them.
    /// </summary>
    private static Process StartUnprivileged(string[] command) =>
        Environment.IsPrivilegedProcess
            ? ClinicProcess.Start("setpriv", ["--bounding-set=-dac_override", ClinicProcess.Program, .. command])
            : ClinicProcess.Start(command);
}
