using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

public class CompareCommandTests
{
    [Fact]
    public void A_variant_that_is_not_known_is_named_with_the_nearest_and_nothing_is_written()
    {
        using var tiny = new TinyRun();

        var result = InProcess.Run("compare", tiny.Recipe, "--run", tiny.Run, "--variants", "post-ln,admn");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(
            "--variants post-ln,admn: model.encoder.variant is 'admn'; it must be one of ",
            result.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("Did you mean admin?", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(tiny.Run));
    }

    [Fact]
    public void Without_a_variant_there_is_nothing_to_compare()
    {
        using var tiny = new TinyRun();

        var result = InProcess.Run("compare", tiny.Recipe, "--run", tiny.Run, "--variants", ",");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("A comparison needs at least one variant", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_that_are_not_numbers_are_named()
    {
        using var tiny = new TinyRun();

        var result = InProcess.Run("compare", tiny.Recipe, "--run", tiny.Run, "--rates", "1e-3,fast");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(
            "--rates 1e-3,fast: 'fast' is not a learning rate; it must be a number above 0",
            result.Error,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(tiny.Run));
    }

    [Fact]
    public void Interrupted_and_run_again_it_ends_like_one_that_was_not_and_its_evidence_is_taken()
    {
        using var tiny = new TinyRun();
        string[] Command(string run) =>
            [
                "compare",
                tiny.Recipe,
                "--run",
                tiny.PathOf(run),
                "--variants",
                "pre-ln,admin+norm=rms-norm",
                "--rates",
                "1e-3,1e-2",
                "--tokens",
                "600",
                "--seeds",
                "1,2",
                "--no-diagnosis",
                "--set",
                "training.maxUpdates=100000",
            ];
        var whole = ClinicProcess.Run(Command("whole"));
        Assert.True(whole.ExitCode == 0, whole.Error);
        Assert.Matches(@"== admin\+norm=rms-norm-rate0\.0\d+-seed2 \(8 of 8\)", whole.Error);
        Assert.Contains("behind the best", whole.Output, StringComparison.Ordinal);

        using (var process = ClinicProcess.Start(Command("broken")))
        {
            var first = tiny.PathOf("broken/search/pre-ln-rate0.01-seed1/compared.json");
            ClinicProcess.WaitUntil(process, () => File.Exists(first));
            ClinicProcess.Signal(process, "TERM");
            var interrupted = ClinicProcess.Finish(process);
            Assert.True(interrupted.ExitCode == 130, $"exit code {interrupted.ExitCode}: {interrupted.Error}");
            Assert.Contains(
                "trainings have ended; run the same command again",
                interrupted.Error,
                StringComparison.Ordinal
            );
        }

        var resumed = ClinicProcess.Run(Command("broken"));
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.DoesNotContain("== search/pre-ln-rate0.001-", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(Losses(tiny.PathOf("whole")), Losses(tiny.PathOf("broken")));

        var recommended = InProcess.Run(
            "recommend",
            tiny.Recipe,
            "--evidence",
            tiny.PathOf("whole"),
            "--only-evidence",
            "--tokens",
            "600"
        );
        Assert.Contains("tiny (2+2 layers, dim 16", recommended.Output, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Losses(string folder)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "comparison.json")));
        return
        [
            .. new[] { "search", "runs" }
                .SelectMany(list => json.RootElement.GetProperty(list).EnumerateArray())
                .Select(run =>
                    $"{run.GetProperty("folder")} {run.GetProperty("learningRate")} "
                    + $"{run.GetProperty("results").GetProperty("validationLoss")}"
                ),
        ];
    }
}
