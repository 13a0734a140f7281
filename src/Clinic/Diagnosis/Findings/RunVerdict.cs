using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Reports;
using TransformerClinic.Residuals;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>How a run went, in one word.</summary>
public enum RunOutcome
{
    /// <summary>The loss fell and nothing upset it.</summary>
    Stable,

    /// <summary>The loss fell, rose notably on the way, and came back.</summary>
    Unsettled,

    /// <summary>The validation loss rose again while the training loss fell.</summary>
    Overfitting,

    /// <summary>It began from a trained model, and its validation loss never came notably below that model's.</summary>
    NotImproved,

    /// <summary>The loss is where a model without context would be, or never fell.</summary>
    Stuck,

    /// <summary>The loss rose and stayed risen, or is not finite.</summary>
    Diverged,

    /// <summary>There is no loss to judge by.</summary>
    Unknown,
}

/// <summary>What a run's numbers say, in plain words that claim no more than they show.</summary>
/// <param name="Outcome">In one word.</param>
/// <param name="Headline">In one sentence.</param>
/// <param name="Details">What else a reader should know, a sentence each.</param>
public sealed record RunVerdict(RunOutcome Outcome, string Headline, IReadOnlyList<string> Details)
{
    /// <summary>Judges a run by its learning curve and its results.</summary>
    public static RunVerdict Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var findings = CurveFindings.Of(CurveOf(report));
        var outcome = report.EndedBecause is null ? Judge(findings, report) : RunOutcome.Diverged;
        var subject = Subject(report);
        return new RunVerdict(
            outcome,
            $"{subject} {Predicate(outcome, report, findings)}",
            [.. Explain(report, outcome, findings)]
        );
    }

    /// <summary>
    /// A fine-tuning may end before its first scheduled validation: then that of the final model is what came after.
    /// </summary>
    private static LearningCurve CurveOf(RunReport report) =>
        report.From is not null
        && report.Results is { ValidNll: { } final, Updates: > 0 and var updates }
        && report.Curve.Valid.All(point => point.Step == 0)
            ? report.Curve with
            {
                Valid = [.. report.Curve.Valid, new ValidPoint(updates, final, final)],
            }
            : report.Curve;

    private static string Subject(RunReport report)
    {
        var model = ModelWords.Subject(report.Encoder, report.Decoder);
        return report.From is { } from ? $"{model.TrimEnd(',')}, fine-tuned from {from.Name}," : model;
    }

    private static RunOutcome Judge(CurveFindings findings, RunReport report)
    {
        if (findings.NotFiniteAt is not null || report.Results.ValidNll is { } final && !double.IsFinite(final))
        {
            return RunOutcome.Diverged;
        }

        if (findings.End is not { } end)
        {
            return RunOutcome.Unknown;
        }

        if (findings.StayedRisen || findings.AboveBest > Thresholds.Notable && findings.RoseAt is not null)
        {
            return RunOutcome.Diverged;
        }

        if ((findings.Best?.Nll ?? end) > report.UnigramLoss - Thresholds.UnigramPlateau)
        {
            return RunOutcome.Stuck;
        }

        // A trained model begins with a low loss: what counts is whether it becomes lower, not a fall from a high one.
        return findings.Points == 1 || (report.From is not null && findings.Improvement is null) ? RunOutcome.Unknown
            : report.From is not null && findings.Improvement < Thresholds.Improved ? RunOutcome.NotImproved
            : report.From is null && findings.Fall < Thresholds.Notable ? RunOutcome.Stuck
            : findings.AboveBest > Thresholds.Overfitting ? RunOutcome.Overfitting
            : findings.RoseAt is not null ? RunOutcome.Unsettled
            : RunOutcome.Stable;
    }

    private static string Predicate(RunOutcome outcome, RunReport report, CurveFindings findings)
    {
        var loss = findings.Validated ? "validation nll" : "training nll";
        var fell =
            findings.Start > findings.End
                ? $"the {loss} fell from {Numbers.Loss(findings.Start)} to {Numbers.Loss(findings.End)} nats per token"
                : $"the {loss} came down to {Numbers.Loss(findings.End)} nats per token";
        return outcome switch
        {
            RunOutcome.Stable => $"trained stably: in {Updates(report)} {fell}.",
            RunOutcome.Unsettled => "trained, but not calmly: the training loss rose notably around update "
                + $"{Numbers.Count(findings.RoseAt ?? 0)} and came back; in {Updates(report)} {fell}.",
            RunOutcome.Overfitting =>
                $"trained, then began to overfit: the validation nll was lowest, {Numbers.Loss(findings.Best?.Nll)} "
                    + $"nats per token, at update {Numbers.Count(findings.Best?.Step ?? 0)}, and ended at "
                    + $"{Numbers.Loss(findings.End)}.",
            RunOutcome.NotImproved =>
                $"did not improve on it: the validation nll was {Numbers.Loss(findings.Before)} nats per token "
                    + $"before the first update, and after {Updates(report)} {Numbers.Loss(findings.End)}.",
            RunOutcome.Stuck
                when report.From is not null || findings.Fall >= Thresholds.Notable || findings.Points == 1 =>
                $"did not learn to translate: its {loss} of {Numbers.Loss(findings.End)} nats per token is not "
                    + $"clearly below {Numbers.Loss(report.UnigramLoss)}, which knowing how frequent each subword is "
                    + "gives by itself.",
            RunOutcome.Stuck => $"did not learn: in {Updates(report)} the loss fell by no more than "
                + $"{Numbers.Loss(Math.Max(0, findings.Fall))} nats per token, and ended at "
                + $"{Numbers.Loss(findings.End)}.",
            RunOutcome.Diverged when report.EndedBecause is { } cause =>
                $"diverged, and training was ended after {Updates(report)}: {cause}.",
            RunOutcome.Diverged when findings.NotFiniteAt is { } step =>
                $"diverged: at update {Numbers.Count(step)} the loss was no longer a finite number.",
            RunOutcome.Diverged when findings.RoseAt is { } step =>
                $"diverged: the training loss rose notably around update {Numbers.Count(step)}, and the {loss} ended "
                    + $"at {Numbers.Loss(findings.End)} nats per token.",
            RunOutcome.Diverged => "diverged: its final validation loss is not a finite number.",
            _ => findings.Points == 0 ? "cannot be judged: no loss was logged."
            : findings.Points > 1
                ? "cannot be judged: no validation losses from before and after training are there to compare."
            : $"cannot be judged: one loss alone, {Numbers.Loss(findings.End)} nats per token, shows no course.",
        };
    }

    private static IEnumerable<string> Explain(RunReport report, RunOutcome outcome, CurveFindings findings)
    {
        var learned = outcome is RunOutcome.Stable or RunOutcome.Unsettled or RunOutcome.Overfitting;
        if (
            report.Results.ValidPerplexity is { } perplexity
            && double.IsFinite(perplexity)
            && outcome is not RunOutcome.Diverged
        )
        {
            yield return $"Its perplexity of {Numbers.Perplexity(perplexity)} means that, subword by subword, it is "
                + "as unsure as if it chose among that many equally likely ones.";
            if (learned && report.UnigramLoss is null && perplexity > Thresholds.DoubtfulPerplexity)
            {
                yield return "That is high, and the corpus's unigram loss was not measured: this page cannot say "
                    + "whether the model uses the source sentence at all.";
            }
        }

        if (report.From is { } from)
        {
            yield return $"It began from {from.Line()}.";
        }

        if (report.Results is { SkippedUpdates: > 0 } or { Rollbacks: > 0 })
        {
            yield return $"The guard against divergence skipped {Times(report.Results.SkippedUpdates, "update")} and "
                + $"went back to a checkpoint {Times(report.Results.Rollbacks, "time")}; the log says why.";
        }

        if (report.Ended.Length > 0 && report.EndedBecause is null)
        {
            yield return $"Training ended because {report.Ended}.";
        }

        yield return BleuSentence(report.Results.Bleu);
        if (learned && findings.LastGain > Thresholds.StillFalling)
        {
            yield return "The validation loss was still falling when training ended: longer training should help.";
        }

        if (outcome is RunOutcome.Overfitting)
        {
            yield return "More data, more dropout, or an earlier end would help.";
        }

        if (outcome is RunOutcome.NotImproved)
        {
            yield return "Worth trying: a lower learning rate, an earlier end, "
                + "or more training pairs of the kind that the validation set holds.";
        }

        if (outcome is RunOutcome.Stuck or RunOutcome.Diverged)
        {
            yield return Advice(report.Encoder, report.Decoder);
        }
    }

    private static string BleuSentence(double? bleu) =>
        bleu switch
        {
            null => "No test set was translated and scored, so there is no BLEU.",
            < 1 => $"On the test set it scores BLEU {Numbers.Bleu(bleu)} of 100: next to nothing of the references is "
                + "met.",
            _ => $"On the test set it scores BLEU {Numbers.Bleu(bleu)} of 100; the higher, the more word sequences "
                + "agree with the references.",
        };

    /// <summary>What would help a training that failed.</summary>
    internal static string Advice(StackOptions encoder, StackOptions decoder) =>
        encoder.Variant == ResidualVariant.PostLn || decoder.Variant == ResidualVariant.PostLn
            ? "Deep Post-LN Transformers without treatment often fail like this; Admin was made for it (Liu et al. "
                + "2020)."
            : "Worth trying: a lower learning rate, a longer warm-up, clipping of the gradient norm.";

    private static string Updates(RunReport report) => Times(report.Results.Updates, "update");

    private static string Times(long count, string what) => $"{Numbers.Count(count)} {what}{(count == 1 ? "" : "s")}";
}
