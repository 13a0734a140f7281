using System.Globalization;

namespace TransformerClinic.Cli.Tests;

/// <summary>
/// A training process is killed (SIGKILL) at random moments, while it prepares, trains, writes a checkpoint or ends,
/// and the same command runs again; the final result equals, byte by byte, that of an undisturbed run. The variables
/// CLINIC_KILLS and CLINIC_KILLS_SEED set how often and when (docs/reliability.md).
/// </summary>
[Trait("Speed", "Slow")]
[Collection(nameof(LongRun))]
public class KillTests(LongRun work, ITestOutputHelper output)
{
    private const int Kills = 5;

    [Fact]
    public void A_run_killed_at_random_moments_ends_with_the_same_bytes_as_an_uninterrupted_one()
    {
        var wanted = Variable("CLINIC_KILLS") ?? Kills;
        var random = new Random(Variable("CLINIC_KILLS_SEED") ?? 1);
        var (kills, runs) = (new List<string>(), 0);
        while (kills.Count < wanted)
        {
            var run = work.FreshFolder();
            runs++;
            while (kills.Count < wanted && Kill(work.Command(run), run, random) is { } where)
            {
                kills.Add(where);
                LongRun.AssertCheckpointsWhole(run);
            }

            AssertUndamaged(work.AssertEndsAsWhole(run), 0);
            Directory.Delete(run, recursive: true);
        }

        output.WriteLine(
            $"{kills.Count} kills in {runs} runs: "
                + $"{string.Join(", ", kills.CountBy(where => where).Select(count => $"{count.Value} {count.Key}"))}"
        );
    }

    /// <summary>
    /// Starts a process and kills it; returns where it was, or null if it had already ended by itself.
    /// </summary>
    private static string? Kill(string[] command, string run, Random random)
    {
        var begun = LastStep(run);
        using var process = ClinicProcess.Start(command);

        // One process in four may end before its first update; starting takes about a second.
        if (random.Next(4) != 0)
        {
            ClinicProcess.WaitUntil(process, () => LastStep(run) > begun || process.HasExited);
        }

        Thread.Sleep(random.Next(600));
        process.Kill();
        var killed = ClinicProcess.Finish(process);
        AssertUndamaged(killed, killed.ExitCode);
        return killed.ExitCode == 0 ? null
            : LastStep(run) == begun && !File.Exists(Path.Combine(run, "model", "config.json")) ? "before an update"
            : File.Exists(Path.Combine(run, "model", "config.json")) ? "after the last update"
            : "while training";
    }

    private static void AssertUndamaged(ClinicResult result, int exitCode)
    {
        Assert.True(result.ExitCode == exitCode, result.Error);
        Assert.DoesNotContain("is renamed to", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", result.Error, StringComparison.Ordinal);
    }

    private static long LastStep(string run) => ClinicProcess.LastStep(Path.Combine(run, "log.jsonl"));

    private static int? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? int.Parse(value, CultureInfo.InvariantCulture)
            : null;
}
