using System.Diagnostics;
using TransformerClinic.Files;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using TransformerClinic.Web.Runs;

namespace TransformerClinic.Web.Tests.Runs;

public sealed class RunReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LoggedRun _run;

    public RunReaderTests() => _run = new LoggedRun(_folder.PathOf("run")).Train(10, 20, 30).Valid(30).Train(40);

    private RunPlace Place => new("run", _run.Folder);

    public void Dispose()
    {
        _run.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_run_that_is_at_work_has_a_rate_and_a_time_left()
    {
        LockHolder.ThisProcess().Write(_run.Folder);

        var run = new RunReader().Describe(Place);

        Assert.Equal(RunStatus.Working, run.Status);
        Assert.Equal(40, run.Updates);
        Assert.Equal(1000, run.MaxUpdates);
        Assert.Equal(10, run.UpdatesPerSecond!.Value, 6);
        Assert.Equal(96, run.RemainingSeconds!.Value, 6);
        Assert.Equal(8 - 0.2, run.TrainingNll!.Value, 6);
        Assert.Equal(7 - 0.1, run.ValidationNll!.Value, 6);
        Assert.Null(run.Outcome);
    }

    [Fact]
    public void A_run_with_a_budget_of_tokens_has_a_time_left_and_no_limit_of_updates()
    {
        using var run = new LoggedRun(
            _folder.PathOf("tokens"),
            recipe => recipe with { Training = recipe.Training with { MaxTokens = 30_000, MaxUpdates = int.MaxValue } }
        ).Train(10, 20);
        LockHolder.ThisProcess().Write(run.Folder);

        var found = new RunReader().Describe(new RunPlace("tokens", run.Folder));

        Assert.Null(found.MaxUpdates);
        Assert.Equal(30 - 2, found.RemainingSeconds!.Value, 6); // 1,000 tokens per second, of which 2 s are over
    }

    [Fact]
    public void A_run_that_nobody_works_in_is_stopped_even_if_a_file_says_otherwise()
    {
        using var ended = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        ended.WaitForExit();
        (LockHolder.ThisProcess() with { Process = ended.Id }).Write(_run.Folder);

        var run = new RunReader().Describe(Place);

        Assert.Equal(RunStatus.Stopped, run.Status);
        Assert.Null(run.RemainingSeconds);
    }

    [Fact]
    public void A_run_that_ended_has_results_until_it_goes_on()
    {
        Json.Write(Path.Combine(_run.Folder, RunFolder.ResultsName), Results(updates: 40));
        var reader = new RunReader();
        var ended = reader.Describe(Place);

        _run.Train(50);
        var resumed = reader.Describe(Place);

        Assert.Equal((RunStatus.Ended, "stable", 12.5), (ended.Status, ended.Outcome, ended.Bleu));
        Assert.Equal(Math.Log(9), ended.ValidationNll!.Value, 6);
        Assert.Equal((RunStatus.Stopped, null, null), (resumed.Status, resumed.Outcome, resumed.Bleu));
    }

    [Fact]
    public void A_run_that_the_guard_ended_has_ended()
    {
        _run.Append(
            new LogEntry
            {
                Kind = LogKind.Stopped,
                Step = 41,
                Cause = "the loss is not finite",
                Seconds = 4,
            }
        );
        Json.Write(Path.Combine(_run.Folder, RunFolder.ResultsName), Results(updates: 40));

        var run = new RunReader().Describe(Place);

        Assert.Equal((RunStatus.Ended, 40L), (run.Status, run.Updates));
    }

    [Fact]
    public void What_another_version_wrote_is_shown_as_far_as_it_is_understood()
    {
        File.WriteAllText(Path.Combine(_run.Folder, RunFolder.ResultsName), """{"verdict": "new", "later": 1}""");
        File.WriteAllText(
            Path.Combine(_run.Folder, RunFolder.RecipeName),
            "name: later\nunknown: {key: [1, 2]}\nmodel: {encoder: {variant: new-ln, layers: 7}}\n"
        );

        var run = new RunReader().Describe(Place);

        Assert.Equal(("later", "new-ln", 7), (run.Recipe, run.EncoderVariant, run.EncoderLayers!.Value));
        Assert.Contains("another version", run.Problem, StringComparison.Ordinal);
        Assert.Equal("1, 2", RunReader.Recipe(Place)["unknown.key"]);
    }

    [Fact]
    public void A_folder_with_only_a_recipe_is_a_run_that_has_not_begun()
    {
        File.WriteAllText(_folder.Write("new/recipe.yaml", "name: new"), "name: new");

        var run = new RunReader().Describe(new RunPlace("new", _folder.PathOf("new")));

        Assert.Equal((RunStatus.Stopped, 0L, "new"), (run.Status, run.Updates, run.Recipe));
    }

    private static RunResults Results(long updates) =>
        new()
        {
            Recipe = "run",
            EncoderVariant = ResidualVariant.Admin,
            DecoderVariant = ResidualVariant.Admin,
            EncoderLayers = 2,
            DecoderLayers = 2,
            Seed = 1,
            Parameters = 1,
            End = TrainingEnd.Finished,
            Updates = updates,
            SkippedUpdates = 0,
            Tokens = 1,
            Seconds = 4,
            Averaged = 1,
            ValidationLoss = 2,
            ValidationPerplexity = 9,
            UnigramNll = 5,
            Bleu = 12.5,
            Outcome = Diagnosis.Findings.RunOutcome.Stable,
            Verdict = "It trained stably.",
        };
}
