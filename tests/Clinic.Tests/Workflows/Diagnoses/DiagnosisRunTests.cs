using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Workflows.Diagnoses;

[Trait("Speed", "Slow")]
public class DiagnosisRunTests
{
    private static readonly TrainingOptions Training = new()
    {
        TokensPerBatch = 120,
        MaxUpdates = 100,
        Optimizer = new OptimizerOptions { Name = OptimizerName.Adam },
        Schedule = new ScheduleOptions { LearningRate = 5e-3, WarmUpUpdates = 4 },
    };

    [Fact]
    public void Measuring_during_training_changes_no_loss_and_no_weight()
    {
        var subject = Subject(ResidualVariant.Admin);
        var watched = FirstUpdates.Make(
            subject,
            1,
            updates: 8,
            every: 1,
            new Progress<WorkDone>(),
            TestContext.Current.CancellationToken
        );

        using var replicas = new ModelReplicas(
            () => new Transformer(subject.Model, SmallModel.Words, Vocabulary.Pad, 1),
            workers: 1,
            CPU
        );
        var batches = new TokenBatches(subject.Examples, Training.TokensPerBatch);
        using var trainer = new Trainer(replicas, batches, batches, Training, seed: 1);
        trainer.Profile();
        using var before = new WeightSnapshot(replicas.Model);

        Assert.Equal(
            Enumerable.Range(0, 8).Select(_ => trainer.Update().Loss),
            watched.Measurements.Select(found => found.Loss)
        );
        Assert.Equal(before.Changes(), watched.Changes);
        Assert.True(watched.Measurements[^1].Drift["decoder"][^1] > watched.Measurements[0].Drift["decoder"][^1]);
        Assert.Equal(
            [4L, 8L],
            FirstUpdates
                .Make(subject, 1, updates: 8, every: 4, new Progress<WorkDone>(), TestContext.Current.CancellationToken)
                .Measurements.Select(found => found.Update)
        );
    }

    [Fact]
    public void Where_no_shortcut_begins_the_words_say_why()
    {
        var subject = Subject(ResidualVariant.SpanNorm);
        Examination[] examinations = [Examination.Of(subject, 1, perturbations: 1)];
        var results = Results(subject, examinations);

        Assert.Equal(
            2,
            DepthWords
                .Of(results)
                .Count(line =>
                    line.EndsWith(
                        "no shortcut begins there, for its layer's shortcut begins at the layer's input.",
                        StringComparison.Ordinal
                    )
                )
        );
    }

    [Fact]
    public void Adams_updates_are_even_where_gradients_are_not()
    {
        var updates = FirstUpdates.Make(
            Subject(ResidualVariant.PostLn),
            1,
            updates: 3,
            every: 1,
            new Progress<WorkDone>(),
            TestContext.Current.CancellationToken
        );
        double Spread(IEnumerable<ParameterNorm> norms) =>
            ParameterNorms.RelativeToLargest(norms).Min(entry => entry.Relative);

        Assert.True(
            Spread(updates.Changes) > 3 * Spread(updates.Gradients),
            $"{Spread(updates.Changes)} {Spread(updates.Gradients)}"
        );
    }

    [Fact]
    public void A_deep_Post_LN_encoder_leans_on_every_branch_and_grows_as_N_and_Pre_LN_does_not()
    {
        var (post, pre) = (Find(ResidualVariant.PostLn), Find(ResidualVariant.PreLn));

        Assert.InRange(post.MeanLean, 0.35, 0.65);
        Assert.InRange(post.LeansFrom!.Value, 4, 20);
        Assert.Equal(OutputChange.Linear, post.Growth.Fit.Best);
        Assert.True(pre.MeanLean < post.MeanLean - 0.1);
        Assert.True(pre.Growth.Mean[^1] < post.Growth.Mean[^1] / 2, $"{pre.Growth.Mean[^1]} {post.Growth.Mean[^1]}");
    }

    [Fact]
    public void A_stack_that_no_gradient_reaches_is_reported_and_can_be_written()
    {
        var subject = Subject(ResidualVariant.PreLn);
        subject = subject with
        {
            Model = subject.Model with
            {
                Decoder = subject.Model.Decoder with { Variant = ResidualVariant.RezeroPostLn },
            },
        };
        Examination[] examinations = [Examination.Of(subject, 1, perturbations: 2)];
        var results = Results(subject, examinations);

        Assert.Contains("\"gradientKept\": null", Json.Text(results), StringComparison.Ordinal);
        Assert.Contains(
            "No gradient arrives at the encoder's output: nothing below it learns yet.",
            DiagnosisVerdict.Of(results).Details
        );
    }

    [Fact]
    public void The_verdict_says_what_where_how_sure_and_what_would_help()
    {
        var subject = Subject(ResidualVariant.PostLn);
        Examination[] examinations = [Examination.Of(subject, 1, perturbations: 2)];
        var results = Results(subject, examinations);
        results = results with
        {
            Decoder = results.Decoder with { GradientKept = 0.06, KeptThroughCrossAttention = 0.1 },
            Predictions = [new TrainingPrediction(Step: 1e-3, OutputChange: 20, Limit: 3)],
        };
        results = results with { WithAdmin = new StackGrowth(results.Encoder.Growth, results.Decoder.Growth) };

        var verdict = DiagnosisVerdict.Of(results);

        Assert.Equal(DiagnosisOutcome.Unstable, verdict.Outcome);
        Assert.StartsWith(
            "A 2+2-layer Post-LN Transformer without Admin will not train: at the peak of the learning rate an update "
                + "moves each weight by 1.0e-3, which would change the encoder's output by 20, and it bears 3. The "
                + "largest peak that it would bear is about 3.9e-4 ",
            verdict.Headline,
            StringComparison.Ordinal
        );
        Assert.Contains(
            verdict.Details,
            line =>
                line.StartsWith(
                    "The decoder loses 94 % of its gradient from its output to its input, 90 % through "
                        + "cross-attention.",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            verdict.Details,
            line =>
                line.StartsWith("The encoder leans 0.", StringComparison.Ordinal)
                && line.Contains("resamples of 2 curves of 1 model", StringComparison.Ordinal)
        );
        Assert.Contains(verdict.Details, line => line.StartsWith("What would help: Admin", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(RunOutcome.Stable, DiagnosisOutcome.Sound)]
    [InlineData(RunOutcome.Unsettled, DiagnosisOutcome.Doubtful)]
    [InlineData(RunOutcome.Overfitting, DiagnosisOutcome.Doubtful)]
    [InlineData(RunOutcome.Unknown, DiagnosisOutcome.Doubtful)]
    [InlineData(RunOutcome.Stuck, DiagnosisOutcome.Failed)]
    [InlineData(RunOutcome.Diverged, DiagnosisOutcome.Failed)]
    public void Of_a_trained_model_the_verdict_agrees_with_its_run(RunOutcome run, DiagnosisOutcome expected)
    {
        var subject = Subject(ResidualVariant.PostLn);
        Examination[] examinations = [Examination.Of(subject, 1, perturbations: 1)];
        var results = new DiagnosisResults
        {
            Name = "small",
            Trained = true,
            Course = new CourseOfTraining(run, "The model did as its run says.", "results.json", 1500),
            Model = subject.Model,
            Seeds = [1],
            Encoder = Healthy(StackName.Encoder, subject, examinations),
            Decoder = Healthy(StackName.Decoder, subject, examinations),
        };

        var verdict = DiagnosisVerdict.Of(results);

        Assert.Equal(expected, verdict.Outcome);
        Assert.StartsWith(
            "The model did as its run says. Examined after update 1,500, nothing ",
            verdict.Headline,
            StringComparison.Ordinal
        );
        Assert.Equal(
            expected == DiagnosisOutcome.Failed,
            verdict.Details.Any(line => line.Contains("Admin was made for it", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData(0.01, 0.01, DiagnosisOutcome.Sound)]
    [InlineData(0.01, 0.9, DiagnosisOutcome.Doubtful)]
    [InlineData(0.06, 0.06, DiagnosisOutcome.Doubtful)]
    [InlineData(0.9, 0.9, DiagnosisOutcome.Unstable)]
    public void Seeds_that_disagree_and_changes_near_the_limit_are_doubtful(
        double first,
        double second,
        DiagnosisOutcome expected
    )
    {
        var words = PredictionWords.Of([
            new TrainingPrediction(1e-3, first, 0.1),
            new TrainingPrediction(1e-3, second, 0.1),
        ]);

        Assert.StartsWith(
            expected switch
            {
                DiagnosisOutcome.Sound => "should train",
                DiagnosisOutcome.Unstable => "will not train",
                _ => "may or may not train",
            },
            words,
            StringComparison.Ordinal
        );
    }

    private static StackFindings Healthy(StackName stack, DiagnosisSubject subject, Examination[] examinations) =>
        StackFindings.Of(stack, subject.Model.Encoder, examinations) with
        {
            MostDead = null,
        };

    private static StackFindings Find(ResidualVariant variant)
    {
        var subject = Subject(variant);
        subject = subject with
        {
            Model = subject.Model with
            {
                Dim = 64,
                Heads = 4,
                FeedForwardDim = 128,
                Encoder = subject.Model.Encoder with { Layers = 18 },
            },
        };
        return StackFindings.Of(
            StackName.Encoder,
            subject.Model.Encoder,
            [Examination.Of(subject, 1, perturbations: 4), Examination.Of(subject, 2, perturbations: 4)]
        );
    }

    /// <summary>What a diagnosis finds of an untrained subject.</summary>
    private static DiagnosisResults Results(DiagnosisSubject subject, Examination[] examinations) =>
        new()
        {
            Name = "small",
            Trained = false,
            Model = subject.Model,
            Seeds = [1],
            Encoder = StackFindings.Of(StackName.Encoder, subject.Model.Encoder, examinations),
            Decoder = StackFindings.Of(StackName.Decoder, subject.Model.Decoder, examinations),
        };

    private static DiagnosisSubject Subject(ResidualVariant variant) =>
        new(
            "small",
            SmallModel.Options(variant) with
            {
                MaxPositions = 64,
            },
            [1],
            new HeldExamples(Reversal.Examples(400, seed: 1, longest: 12)),
            SmallModel.Words,
            Training,
            Load: null
        );
}
