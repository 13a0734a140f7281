using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Tests.Reports;

namespace TransformerClinic.Tests.Diagnosis.Findings;

public class VerdictTests
{
    [Fact]
    public void A_steady_Admin_run_is_called_stable()
    {
        var verdict = RunVerdict.Of(WithLosses(Fall(8, 2), valid: [6, 4, 3]));

        Assert.Equal(RunOutcome.Stable, verdict.Outcome);
        Assert.Equal(
            "An 18+18-layer Post-LN Transformer, treated with Admin, trained stably: in 2,000 updates the "
                + "validation nll fell from 6.000 to 3.000 nats per token.",
            verdict.Headline
        );
        Assert.Contains(verdict.Details, sentence => sentence.Contains("BLEU 31.42", StringComparison.Ordinal));
        Assert.Contains(verdict.Details, sentence => sentence.Contains("still falling", StringComparison.Ordinal));
    }

    [Fact]
    public void Why_training_ended_is_said_where_it_is_known_and_the_headline_does_not_say()
    {
        const string Sentence = "Training ended because 9.5 minutes were up.";
        var report = WithLosses(Fall(8, 2), valid: [6, 4, 3]) with { EndedBecause = "9.5 minutes were up" };

        Assert.Contains(Sentence, RunVerdict.Of(report).Details);
        Assert.DoesNotContain(
            Sentence,
            RunVerdict.Of(report with { DivergedBecause = "its loss is not finite" }).Details
        );
    }

    [Theory]
    [InlineData(
        ResidualVariant.PostLn,
        12,
        ResidualVariant.PostLn,
        12,
        "A 12+12-layer Post-LN Transformer without Admin"
    )]
    [InlineData(ResidualVariant.PreLn, 8, ResidualVariant.PreLn, 3, "An 8+3-layer Pre-LN Transformer without Admin")]
    [InlineData(
        ResidualVariant.Admin,
        60,
        ResidualVariant.PreLn,
        12,
        "A 60+12-layer Transformer with an Admin encoder and a Pre-LN decoder"
    )]
    [InlineData(
        ResidualVariant.Admin,
        11,
        ResidualVariant.Admin,
        80,
        "An 11+80-layer Post-LN Transformer, treated with Admin,"
    )]
    public void The_sentence_names_the_model_as_it_is(
        ResidualVariant encoder,
        int layers,
        ResidualVariant decoder,
        int decoderLayers,
        string subject
    )
    {
        var report = WithLosses(Fall(8, 2), valid: [6, 3]) with
        {
            Encoder = Patients.StackOf(encoder, layers),
            Decoder = Patients.StackOf(decoder, decoderLayers),
        };

        Assert.StartsWith(subject + " trained stably", RunVerdict.Of(report).Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Near_the_unigram_plateau_nothing_was_learned_of_translation()
    {
        var report = WithLosses(Fall(9, 5.9), valid: [7, 6, 5.9]) with
        {
            Encoder = Patients.StackOf(ResidualVariant.PostLn),
            Decoder = Patients.StackOf(ResidualVariant.PostLn),
        };
        var verdict = RunVerdict.Of(report);

        Assert.Equal(RunOutcome.Stuck, verdict.Outcome);
        Assert.Contains(
            "did not learn to translate: its validation nll of 5.900 nats per token is not clearly below 6.120",
            verdict.Headline,
            StringComparison.Ordinal
        );
        Assert.Contains(
            verdict.Details,
            sentence => sentence.Contains("Admin was made for it", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Without_the_unigram_loss_a_high_perplexity_is_called_doubtful()
    {
        var report = WithLosses(Fall(9, 5.9), valid: [7, 6, 5.9]) with { UnigramNll = null };
        var verdict = RunVerdict.Of(report with { ValidationNll = 5.9 });

        Assert.Contains(
            verdict.Details,
            sentence =>
                sentence.Contains("cannot say whether the model uses the source sentence", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_loss_that_does_not_fall_is_stuck() =>
        AssertVerdict(
            RunOutcome.Stuck,
            "the loss fell by no more than 0.100 nats",
            WithLosses(Fall(4, 4), valid: [4, 3.9, 4.05])
        );

    [Fact]
    public void A_loss_that_rises_and_stays_risen_has_diverged() =>
        AssertVerdict(
            RunOutcome.Diverged,
            "the training loss rose notably around update 61",
            WithLosses([.. Fall(8, 3), .. Enumerable.Repeat(5.0, 50)], valid: [6, 3, 5])
        );

    [Fact]
    public void A_loss_that_is_not_finite_has_diverged_where_it_first_was_not() =>
        AssertVerdict(
            RunOutcome.Diverged,
            "at update 11 the loss was no longer a finite number",
            WithLosses([.. Fall(8, 3).Take(10), double.NaN, double.NaN], valid: [6, double.PositiveInfinity])
        );

    [Fact]
    public void A_final_loss_that_is_not_finite_has_diverged()
    {
        var report = WithLosses(Fall(8, 3), valid: [6, 3]);

        AssertVerdict(
            RunOutcome.Diverged,
            "its final validation loss is not a finite number",
            report with
            {
                ValidationNll = double.NaN,
            }
        );
    }

    [Fact]
    public void What_the_guard_ended_or_did_is_reported_whatever_the_curve_looks_like()
    {
        var ended = RunVerdict.Of(Patients.Evidence with { DivergedBecause = "its loss is not finite" });
        Assert.Equal(RunOutcome.Diverged, ended.Outcome);
        Assert.EndsWith(
            "diverged, and training was ended after 2,000 updates: its loss is not finite.",
            ended.Headline,
            StringComparison.Ordinal
        );

        var full = Patients.Evidence;
        var guarded = RunVerdict.Of(full with { SkippedUpdates = 1, Rollbacks = 2 });
        Assert.Equal(RunOutcome.Stable, guarded.Outcome);
        Assert.Contains(
            "The guard against divergence skipped 1 update and went back to a checkpoint 2 times; the log says why.",
            guarded.Details
        );
        Assert.DoesNotContain(
            RunVerdict.Of(full).Details,
            detail => detail.Contains("guard", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_rise_that_comes_back_is_reported() =>
        AssertVerdict(
            RunOutcome.Unsettled,
            "trained, but not calmly",
            WithLosses([.. Fall(8, 3), .. Enumerable.Repeat(5.0, 20), .. Fall(4, 2)], valid: [6, 3, 2.5])
        );

    [Fact]
    public void A_validation_loss_that_rises_alone_is_overfitting() =>
        AssertVerdict(
            RunOutcome.Overfitting,
            "lowest, 3.000 nats per token, at update 40, and ended at 3.200",
            WithLosses(Fall(8, 1), valid: [6, 3, 3.2])
        );

    [Fact]
    public void One_odd_batch_decides_nothing()
    {
        var losses = Fall(8, 2);
        losses[50] += 1.5;

        Assert.Equal(RunOutcome.Stable, RunVerdict.Of(WithLosses(losses, valid: [6, 3])).Outcome);
    }

    [Fact]
    public void Without_validation_the_training_loss_is_named() =>
        AssertVerdict(
            RunOutcome.Stable,
            "the training nll fell from 8.000 to 2.000",
            WithLosses(Fall(8, 2), valid: [])
        );

    [Fact]
    public void Without_losses_nothing_is_claimed()
    {
        AssertVerdict(RunOutcome.Unknown, "no loss was logged", Minimal with { Curve = new LearningCurve() });
        AssertVerdict(RunOutcome.Unknown, "there is only one loss", Minimal);
        Assert.Contains("No test set was translated and scored, so there is no BLEU.", RunVerdict.Of(Minimal).Details);
    }

    [Fact]
    public void A_trained_model_that_becomes_better_is_judged_by_what_it_was_before_not_by_a_fall_from_nothing()
    {
        var verdict = RunVerdict.Of(FineTuned([2.4, 2.2, 2.3], 2.5, 2.2));

        Assert.Equal(RunOutcome.Stable, verdict.Outcome);
        Assert.Equal(
            "An 18+18-layer Post-LN Transformer, treated with Admin, fine-tuned from general/model, trained stably: "
                + "in 2,000 updates the validation nll fell from 2.500 to 2.200 nats per token.",
            verdict.Headline
        );
        Assert.Contains(
            "It began from general/model (SHA-256 0123456789ab, recipe general, 5,000 updates, BLEU 25.94 on its "
                + "own test set).",
            verdict.Details
        );
    }

    [Theory]
    [InlineData(
        2.7,
        "did not improve on it: the validation nll was 2.500 nats per token before the first update, and after "
            + "2,000 updates 2.700."
    )]
    [InlineData(
        2.49,
        "did not improve on it: the validation nll was 2.500 nats per token before the first update, and after "
            + "2,000 updates 2.490."
    )]
    public void A_trained_model_that_becomes_no_better_did_not_improve(double after, string words)
    {
        var report = FineTuned([2.4, 1.9, 1.5], 2.5, after);

        AssertVerdict(RunOutcome.NotImproved, words, report);
        Assert.Contains(
            RunVerdict.Of(report).Details,
            sentence =>
                sentence.StartsWith("Worth trying: a lower learning rate, an earlier end", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            RunVerdict.Of(report).Details,
            sentence => sentence.Contains("still falling", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_trained_model_that_becomes_better_and_then_worse_overfits() =>
        AssertVerdict(
            RunOutcome.Overfitting,
            "lowest, 2.200 nats per token, at update 1,000, and ended at 2.600",
            FineTuned([2.4, 1.9, 1.5], 2.5, 2.2, 2.6)
        );

    [Fact]
    public void A_trained_model_that_is_lost_has_diverged() =>
        AssertVerdict(RunOutcome.Diverged, "the training loss rose notably", FineTuned([2.4, 5, 6], 2.5, 6));

    [Fact]
    public void A_model_that_knows_no_more_than_frequencies_did_not_learn_to_translate_wherever_it_began() =>
        AssertVerdict(RunOutcome.Stuck, "did not learn to translate", FineTuned([6.4, 6.2, 6.1], 6.5, 6.1));

    [Fact]
    public void A_fine_tuning_shorter_than_the_time_between_validations_is_judged_by_its_final_model()
    {
        var report = FineTuned([], before: 2.5);

        AssertVerdict(RunOutcome.Stable, "fell from 2.500 to 2.100", report with { ValidationNll = 2.1 });
        AssertVerdict(RunOutcome.NotImproved, "did not improve on it", report with { ValidationNll = 2.5 });
    }

    [Fact]
    public void Without_a_validation_after_the_first_update_a_fine_tuning_is_not_judged() =>
        AssertVerdict(
            RunOutcome.Unknown,
            "no validation losses from before and after training",
            FineTuned([2.4, 2.2], 2.5)
        );

    private static RunEvidence Minimal { get; } =
        new()
        {
            Encoder = Patients.StackOf(ResidualVariant.PreLn, 2),
            Decoder = Patients.StackOf(ResidualVariant.PreLn, 2),
            Curve = new LearningCurve { Train = [Patients.Train(1, 9.1, 0)] },
            Updates = 1,
        };

    private static void AssertVerdict(RunOutcome outcome, string words, RunEvidence report)
    {
        var verdict = RunVerdict.Of(report);
        Assert.Equal(outcome, verdict.Outcome);
        Assert.Contains(words, verdict.Headline, StringComparison.Ordinal);
    }

    private static double[] Fall(double from, double to) =>
        [.. Enumerable.Range(0, 60).Select(i => from + ((to - from) * i / 59))];

    /// <summary>
    /// A run that began from a model of this validation loss; the other validations are 1000 updates apart.
    /// </summary>
    private static RunEvidence FineTuned(double[] train, double before, params double[] valid)
    {
        var full = Patients.Evidence;
        var config = new ModelConfig(1, "de", "en", 4000, new(), new(), null);
        return full with
        {
            From = new BaseModelRecord(
                "general/model",
                "runs/general",
                "0123456789abcdef",
                config,
                "general",
                5000,
                25.94,
                Patients.Signature
            ).AsEvidence(),
            ValidationNll = valid.Length > 0 ? valid[^1] : null,
            Curve = new LearningCurve
            {
                Train = [.. train.Select((nll, i) => Patients.Train((i + 1) * 500, nll, 0))],
                Valid =
                [
                    new ValidPoint(0, before + 0.5, before),
                    .. valid.Select((nll, i) => new ValidPoint((i + 1) * 1000, nll + 0.5, nll)),
                ],
            },
        };
    }

    private static RunEvidence WithLosses(double[] train, double[] valid) =>
        Patients.Evidence with
        {
            Curve = new LearningCurve
            {
                Train = [.. train.Select((nll, i) => Patients.Train(i + 1, nll, 0))],
                Valid = [.. valid.Select((nll, i) => new ValidPoint((i + 1) * 20, nll + 0.5, nll))],
            },
        };
}
