using TransformerClinic.Common;
using TransformerClinic.Model;

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
internal sealed record RunVerdict(RunOutcome Outcome, string Headline, IReadOnlyList<string> Details)
{
    /// <summary>Judges a run by its learning curve and its results.</summary>
    public static RunVerdict Of(RunEvidence run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var findings = CurveFindings.Of(CurveOf(run));
        var outcome = run.DivergedBecause is null ? Judge(findings, run) : RunOutcome.Diverged;
        var subject = Subject(run);
        return new RunVerdict(
            outcome,
            $"{subject} {Predicate(outcome, run, findings)}",
            [.. Explain(run, outcome, findings)]
        );
    }

    /// <summary>
    /// A fine-tuning may end before its first scheduled validation: then that of the final model is what came after.
    /// </summary>
    private static LearningCurve CurveOf(RunEvidence run) =>
        run.From is not null
        && run is { ValidationNll: { } final, Updates: > 0 and var updates }
        && run.Curve.Valid.All(point => point.Step == 0)
            ? run.Curve with
            {
                Valid = [.. run.Curve.Valid, new ValidPoint(updates, final, final)],
            }
            : run.Curve;

    private static string Subject(RunEvidence run)
    {
        var model = ModelWords.Subject(run.Encoder, run.Decoder);
        return run.From is { } from ? $"{model.TrimEnd(',')}, fine-tuned from {from.Name}," : model;
    }

    private static RunOutcome Judge(CurveFindings findings, RunEvidence run)
    {
        if (findings.NotFiniteAt is not null || run.ValidationNll is { } final && !double.IsFinite(final))
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

        if ((findings.Best?.Nll ?? end) > run.UnigramNll - Thresholds.UnigramPlateau)
        {
            return RunOutcome.Stuck;
        }

        // A trained model begins with a low loss: what counts is whether it becomes lower, not a fall from a high one.
        return findings.Points == 1 || (run.From is not null && findings.Improvement is null) ? RunOutcome.Unknown
            : run.From is not null && findings.Improvement < Thresholds.Improved ? RunOutcome.NotImproved
            : run.From is null && findings.Fall < Thresholds.Notable ? RunOutcome.Stuck
            : findings.AboveBest > Thresholds.Overfitting ? RunOutcome.Overfitting
            : findings.RoseAt is not null ? RunOutcome.Unsettled
            : RunOutcome.Stable;
    }

    private static string Predicate(RunOutcome outcome, RunEvidence run, CurveFindings findings)
    {
        var loss = findings.Validated ? "validation nll" : "training nll";
        var fell =
            findings.Start > findings.End
                ? $"the {loss} fell from {Numbers.Loss(findings.Start)} to {Numbers.Loss(findings.End)} nats per token"
                : $"the {loss} came down to {Numbers.Loss(findings.End)} nats per token";
        return outcome switch
        {
            RunOutcome.Stable => $"trained stably: in {Updates(run)} {fell}.",
            RunOutcome.Unsettled => "trained, but not calmly: the training loss rose notably around update "
                + $"{Numbers.Count(findings.RoseAt ?? 0)} and came back; in {Updates(run)} {fell}.",
            RunOutcome.Overfitting =>
                $"trained, then began to overfit: the validation nll was lowest, {Numbers.Loss(findings.Best?.Nll)} "
                    + $"nats per token, at update {Numbers.Count(findings.Best?.Step ?? 0)}, and ended at "
                    + $"{Numbers.Loss(findings.End)}.",
            RunOutcome.NotImproved =>
                $"did not improve on it: the validation nll was {Numbers.Loss(findings.Before)} nats per token "
                    + $"before the first update, and after {Updates(run)} {Numbers.Loss(findings.End)}.",
            RunOutcome.Stuck when run.From is not null || findings.Fall >= Thresholds.Notable || findings.Points == 1 =>
                $"did not learn to translate: its {loss} of {Numbers.Loss(findings.End)} nats per token is not "
                    + $"clearly below {Numbers.Loss(run.UnigramNll)}, the loss of a model that knows only how "
                    + "frequent each subword is.",
            RunOutcome.Stuck => $"did not learn: in {Updates(run)} the loss fell by no more than "
                + $"{Numbers.Loss(Math.Max(0, findings.Fall))} nats per token, and ended at "
                + $"{Numbers.Loss(findings.End)}.",
            RunOutcome.Diverged when run.DivergedBecause is { } cause =>
                $"diverged, and training was ended after {Updates(run)}: {cause}.",
            RunOutcome.Diverged when findings.NotFiniteAt is { } step =>
                $"diverged: at update {Numbers.Count(step)} the loss was no longer a finite number.",
            RunOutcome.Diverged when findings.RoseAt is { } step =>
                $"diverged: the training loss rose notably around update {Numbers.Count(step)}, and the {loss} ended "
                    + $"at {Numbers.Loss(findings.End)} nats per token.",
            RunOutcome.Diverged => "diverged: its final validation loss is not a finite number.",
            _ => findings.Points == 0 ? "cannot be judged: no loss was logged."
            : findings.Points > 1
                ? "cannot be judged: there are no validation losses from before and after training to compare."
            : $"cannot be judged: there is only one loss, {Numbers.Loss(findings.End)} nats per token.",
        };
    }

    private static IEnumerable<string> Explain(RunEvidence run, RunOutcome outcome, CurveFindings findings)
    {
        var learned = outcome is RunOutcome.Stable or RunOutcome.Unsettled or RunOutcome.Overfitting;
        if (
            run.ValidationNll is { } nll
            && Math.Exp(nll) is var perplexity
            && double.IsFinite(perplexity)
            && outcome is not RunOutcome.Diverged
        )
        {
            yield return $"Its perplexity of {Numbers.Perplexity(perplexity)} means that, subword by subword, it is "
                + "as unsure as if it chose among that many equally likely ones.";
            if (learned && run.UnigramNll is null && perplexity > Thresholds.DoubtfulPerplexity)
            {
                yield return "That is high, and the corpus's unigram loss was not measured: this page cannot say "
                    + "whether the model uses the source sentence at all.";
            }
        }

        if (run.From is { } from)
        {
            yield return $"It began from {from.Description}.";
        }

        if (run is { SkippedUpdates: > 0 } or { Rollbacks: > 0 })
        {
            yield return $"The guard against divergence skipped {Times(run.SkippedUpdates, "update")} and "
                + $"went back to a checkpoint {Times(run.Rollbacks, "time")}; the log says why.";
        }

        if (run.EndedBecause.Length > 0 && run.DivergedBecause is null)
        {
            yield return $"Training ended because {run.EndedBecause}.";
        }

        yield return BleuSentence(run.Bleu);
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
            yield return Advice(run.Encoder, run.Decoder);
        }
    }

    private static string BleuSentence(double? bleu) =>
        bleu switch
        {
            null => "No test set was translated and scored, so there is no BLEU.",
            < 1 => $"On the test set it scores BLEU {Numbers.Bleu(bleu)} of 100: it matches next to nothing of the "
                + "references.",
            _ => $"On the test set it scores BLEU {Numbers.Bleu(bleu)} of 100; the higher, the more word sequences "
                + "agree with the references.",
        };

    /// <summary>What would help a training that failed.</summary>
    internal static string Advice(StackOptions encoder, StackOptions decoder) =>
        encoder.Traits.IsPlain || decoder.Traits.IsPlain
            ? "Deep Post-LN Transformers without treatment often fail like this; Admin was made for it (Liu et al. "
                + "2020)."
            : "Worth trying: a lower learning rate, a longer warm-up, clipping of the gradient norm.";

    private static string Updates(RunEvidence run) => Times(run.Updates, "update");

    private static string Times(long count, string what) => $"{Numbers.Count(count)} {what}{(count == 1 ? "" : "s")}";
}
