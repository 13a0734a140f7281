using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Tests.Recipes;
using TransformerClinic.Training;
using TransformerClinic.Workflows.Diagnoses;

namespace TransformerClinic.Tests.Workflows.Diagnoses;

public sealed class RunCourseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static Recipe Recipe => RecipeFile.Read();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_the_results_say_holds_for_the_model_and_for_the_checkpoints_before()
    {
        WriteResults(RunOutcome.Stuck, updates: 300);
        WriteLog(9, 7, 3);

        var model = RunCourse.Of(_folder.FullName, Recipe, update: null);

        Assert.Equal(new CourseOfTraining(RunOutcome.Stuck, "It did not learn.", "results.json"), model);
        Assert.True(model is { Failed: true, Learned: false });
        Assert.Equal(model with { Update = 200 }, RunCourse.Of(_folder.FullName, Recipe, update: 200));
        Assert.Equal(model with { Update = 300 }, RunCourse.Of(_folder.FullName, Recipe, update: 300));
    }

    [Fact]
    public void A_checkpoint_that_the_results_do_not_reach_is_judged_by_the_log_up_to_it()
    {
        WriteResults(RunOutcome.Stuck, updates: 100);
        WriteLog(9, 7, 3, double.NaN);

        var course = RunCourse.Of(_folder.FullName, Recipe, update: 300);

        Assert.Equal((RunOutcome.Stable, "log.jsonl"), (course.Outcome, course.Source));
        Assert.EndsWith(
            "trained stably: in 300 updates the validation nll fell from 9.000 to 3.000 nats per token.",
            course.Verdict,
            StringComparison.Ordinal
        );
        Assert.Equal(RunOutcome.Diverged, RunCourse.Of(_folder.FullName, Recipe, update: 400).Outcome);

        // What word frequencies are worth is known from the results, though they are of an earlier update.
        Assert.Equal(RunOutcome.Stuck, RunCourse.Of(_folder.FullName, Recipe, update: 200).Outcome);
    }

    [Theory]
    [InlineData(RunOutcome.Stable, "trained stably", 9d, 5d, 3d)]
    [InlineData(RunOutcome.Stuck, "did not learn", 9d, 8.9, 8.8)]
    [InlineData(RunOutcome.Diverged, "diverged", 9d, 5d, double.NaN)]
    [InlineData(RunOutcome.Unknown, "With a perplexity of 403 it may still use nothing of the source.", 9d, 7d, 6d)]
    public void Without_results_the_log_says_it(RunOutcome expected, string words, params double[] losses)
    {
        WriteLog(losses);

        var course = RunCourse.Of(_folder.FullName, Recipe, update: null);

        Assert.Equal((expected, "log.jsonl"), (course.Outcome, course.Source));
        Assert.Contains(words, course.Verdict, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RunOutcome.Stable, "fine-tuned from base, trained stably", 2.2)]
    [InlineData(RunOutcome.NotImproved, "fine-tuned from base, did not improve on it", 2.6)]
    public void A_run_that_began_from_a_model_is_judged_by_its_loss_before_the_first_update(
        RunOutcome expected,
        string words,
        double end
    )
    {
        Json.Write(
            _folder.PathOf("from.json"),
            new BaseModelRecord("base", "base", "00", ModelConfig.Of(Recipe, 300, null), null, null, null, null)
        );
        File.WriteAllText(LogPath, $"{Json.Line(Validation(2.5, 0))}\n{Json.Line(Validation(end, 100))}\n");

        var course = RunCourse.Of(_folder.FullName, Recipe, update: null);

        Assert.Equal((expected, false), (course.Outcome, course.Failed));
        Assert.Contains(words, course.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plateau_that_the_guard_saw_last_is_no_learning()
    {
        WriteLog(9, 5, 3);
        var plateau = new LogEntry
        {
            Kind = LogKind.Plateau,
            Step = 300,
            Seconds = 3,
            Cause = "the loss is stuck",
        };
        File.AppendAllText(LogPath, Json.Line(plateau) + "\n");

        var course = RunCourse.Of(_folder.FullName, Recipe, update: null);

        Assert.Equal(RunOutcome.Stuck, course.Outcome);
        Assert.EndsWith("has not learned to translate: the loss is stuck.", course.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_was_logged_nothing_is_claimed() =>
        Assert.Equal(RunOutcome.Unknown, RunCourse.Of(_folder.FullName, Recipe, update: null).Outcome);

    private string LogPath => _folder.PathOf("log.jsonl");

    /// <summary>A log with a validation every hundred updates.</summary>
    private void WriteLog(params double[] losses) =>
        File.WriteAllText(
            LogPath,
            string.Concat(losses.Select((loss, i) => Json.Line(Validation(loss, 100 * (i + 1))) + "\n"))
        );

    private static LogEntry Validation(double loss, long step) =>
        new()
        {
            Kind = LogKind.Valid,
            Step = step,
            Loss = loss,
            Nll = loss,
            Seconds = step,
        };

    private void WriteResults(RunOutcome outcome, long updates) =>
        Json.Write(_folder.PathOf("results.json"), Results(outcome, updates));

    private static RunResults Results(RunOutcome outcome, long updates) =>
        new()
        {
            Recipe = "small",
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
            Seconds = 1,
            Averaged = 1,
            ValidationLoss = 1,
            ValidationPerplexity = 1,
            UnigramNll = 6,
            Outcome = outcome,
            Verdict = "It did not learn.",
        };
}
