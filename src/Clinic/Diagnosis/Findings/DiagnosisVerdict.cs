using System.Globalization;
using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>How a model is, in one word.</summary>
public enum DiagnosisOutcome
{
    /// <summary>Nothing speaks against its training, or against how it was trained.</summary>
    Sound,

    /// <summary>Something is near a limit, or seeds disagree.</summary>
    Doubtful,

    /// <summary>Its first updates are predicted to upset it.</summary>
    Unstable,

    /// <summary>It was trained, and did not learn or lost what it had learned.</summary>
    Failed,
}

/// <summary>What a diagnosis says, in plain words that claim no more than was measured.</summary>
/// <param name="Outcome">In one word.</param>
/// <param name="Headline">In one sentence.</param>
/// <param name="Details">
/// What is unstable, where it starts, how sure that is and what would help, a sentence or two each.
/// </param>
public sealed record DiagnosisVerdict(DiagnosisOutcome Outcome, string Headline, IReadOnlyList<string> Details)
{
    // A mean weight of 1/20 of the even spread, and half of the units: what a working model does not come near to.
    private const double Collapsed = 0.05;
    private const double ManyDead = 0.5;
    private const double Sure = 0.95;
    private const double FairlySure = 0.8;
    private const double NotableLoss = 0.5;
    private const double GoodFit = 0.8;

    /// <summary>Judges what was found.</summary>
    internal static DiagnosisVerdict Of(DiagnosisResults results)
    {
        var subject = ModelWords.Subject(results.Model.Encoder, results.Model.Decoder);
        var oddities = Oddities(results).ToList();
        var outcome =
            results.Predictions.Count > 0 ? PredictionWords.Expect(results.Predictions)
            : results.Course is { Failed: true } ? DiagnosisOutcome.Failed
            : oddities.Count > 0 || results.Course is { Outcome: not RunOutcome.Stable } ? DiagnosisOutcome.Doubtful
            : DiagnosisOutcome.Sound;
        var headline =
            results.Predictions.Count > 0 ? $"{subject} {PredictionWords.Of(results.Predictions)}"
            : results.Course is { } course ? Trained(course, oddities.Count > 0)
            : results.Trained
                ? $"{subject.TrimEnd(',')}, trained: "
                    + $"{(oddities.Count > 0 ? "something stands out." : "nothing stands out.")}"
            : $"{subject.TrimEnd(',')}, before training with stochastic gradient descent, for which there is no "
                + "prediction.";
        return new DiagnosisVerdict(
            outcome,
            headline,
            [
                .. oddities,
                .. Gradient(results.Decoder),
                .. Gradient(results.Encoder),
                Amplification(results.Encoder, results),
                Amplification(results.Decoder, results),
                .. Treatment(results),
                Activity(results),
                .. DepthWords.Of(results),
                .. Drift(results.FirstUpdates),
            ]
        );
    }

    /// <summary>What the run says of its training, and whether the examination finds anything.</summary>
    private static string Trained(CourseOfTraining course, bool odd)
    {
        var examined = course.Update is { } update
            ? string.Create(CultureInfo.InvariantCulture, $"Examined after update {update:N0}")
            : "Examined";
        var what =
            odd ? "something"
            : course.Failed ? "nothing else"
            : "nothing";
        return $"{course.Verdict} {examined}, {what} stands out.";
    }

    private static IEnumerable<string> Oddities(DiagnosisResults results)
    {
        foreach (var stack in new[] { results.Encoder, results.Decoder })
        {
            if (stack.LowestEntropy.Value < Collapsed)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"The {Name(stack.LowestEntropy.Place)} looks at hardly more than one key (entropy "
                        + $"{stack.LowestEntropy.Value:0.000} of an even spread's)."
                );
            }

            if (stack.MostDead is { Value: > ManyDead } dead)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"In the {Name(dead.Place)} {dead.Value:0 %} of the units are never above zero: they neither "
                        + $"compute nor learn."
                );
            }
        }
    }

    private static IEnumerable<string> Gradient(StackFindings stack)
    {
        if (stack.GradientKept is not { } kept)
        {
            yield return $"No gradient arrives at the {stack.Stack.Word()}'s output: nothing below it learns yet.";
            yield break;
        }

        var lost = 1 - kept;
        if (lost < NotableLoss)
        {
            yield break;
        }

        var through = 1 - stack.KeptThroughCrossAttention;
        yield return stack.Stack == StackName.Decoder && through > NotableLoss
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The decoder loses {lost:0 %} of its gradient from its output to its input, {through:0 %} through "
                    + $"cross-attention. That is not what breaks a training: Adam evens it out, and a decoder "
                    + $"without that loss fails as well where its encoder amplifies (Liu et al. 2020, table 1)."
            )
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The {stack.Stack.Word()} loses {lost:0 %} of its gradient from its output to its input."
            );
    }

    private static string Amplification(StackFindings stack, DiagnosisResults results)
    {
        var lean = string.Create(
            CultureInfo.InvariantCulture,
            $"The {stack.Stack.Word()} leans {stack.MeanLean:0.00} on its newest branch (beta, mean of "
                + $"{stack.Lean.Count} sublayers; {stack.Lean[^1]:0.00} at the last)"
        );
        var where = stack.LeansFrom is { } from
            ? string.Create(CultureInfo.InvariantCulture, $", more than twice an even share from sublayer {from} on")
            : "";
        var sure = stack.Growth.Sureness switch
        {
            >= Sure => "sure",
            >= FairlySure => "fairly sure",
            _ => "not sure",
        };
        var fit = stack.Growth is { Fit.Best: OutputChange.Linear or OutputChange.LogN, RSquared: < GoodFit }
            ? " more than as anything else, but hardly follows it"
            : "";
        var curves = string.Create(
            CultureInfo.InvariantCulture,
            $"{sure}: {stack.Growth.Sureness:0 %} of resamples of {stack.Growth.Curves} curves of "
                + $"{results.Seeds.Count} {(results.Seeds.Count == 1 ? "model" : "models")}"
        );
        var squared = string.Create(CultureInfo.InvariantCulture, $" (R2 {stack.Growth.RSquared:0.00})");
        var growth = stack.Growth.Fit.Best is { } best
            ? $"its output change grows as {Words(best)}{fit}{(best == OutputChange.Constant ? "" : squared)}, {curves}"
            : "its output change is not finite";
        var scope = stack.ScaledForDepth
            ? " Its scale is chosen for its depth, so that says nothing of models of other depths."
            : "";
        return $"{lean}{where}; {growth}.{scope}";
    }

    private static IEnumerable<string> Treatment(DiagnosisResults results)
    {
        if (results.WithAdmin is { } admin)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"What would help: Admin would start the encoder at {Words(admin.Encoder.Fit.Best)} (R2 "
                    + $"{admin.Encoder.RSquared:0.00}), with {Part(admin.Encoder, results.Encoder):0 %} of the "
                    + $"change at its output, and the decoder with {Part(admin.Decoder, results.Decoder):0 %} of it. "
                    + $"Measured with the same weights, not assumed."
            );
        }
        else if (results.Course is { Failed: true })
        {
            yield return RunVerdict.Advice(results.Model.Encoder, results.Model.Decoder);
        }
        else if (results.Predictions.Count > 0 && PredictionWords.Expect(results.Predictions) != DiagnosisOutcome.Sound)
        {
            yield return "What would help: a lower learning rate; the change falls with the square of the step.";
        }
    }

    private static double Part(GrowthEvidence treated, StackFindings stack) => treated.Mean[^1] / stack.Growth.Mean[^1];

    private static string Activity(DiagnosisResults results)
    {
        StackFindings[] stacks = [results.Encoder, results.Decoder];
        var lowest = stacks.Select(stack => stack.LowestEntropy).MinBy(value => value.Value)!;
        var dead = stacks.Select(stack => stack.MostDead).OfType<PlacedValue>().MaxBy(value => value.Value);
        var deadUnits = dead is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"; at most {dead.Value:0 %} of the units of a feed-forward sublayer are dead"
            );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"States grow to a size of {results.Encoder.LargestOutput:g2} in the encoder and "
                + $"{results.Decoder.LargestOutput:g2} in the decoder (root mean square); the most pointed attention "
                + $"is the {Name(lowest.Place)} with {lowest.Value:0.00} of an even spread's "
                + $"entropy{deadUnits}."
        );
    }

    private static IEnumerable<string> Drift(FirstUpdates? updates)
    {
        if (updates is { Measurements: [.., var last] })
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"In action: after {last.Update} updates, the learning rate at {last.LearningRate:g2}, the encoder's "
                    + $"output has changed by {last.Drift[StackName.Encoder.Word()][^1]:g2} and the decoder's by "
                    + $"{last.Drift[StackName.Decoder.Word()][^1]:g2} of at most 2; the loss is {last.Loss:0.00}."
            );
        }
    }

    private static string Words(OutputChange? growth) =>
        growth switch
        {
            OutputChange.Linear => "N",
            OutputChange.LogN => "log N",
            OutputChange.Constant => "1 (not at all)",
            _ => "no known law",
        };

    private static string Name(SublayerPlace place) =>
        place.Address is { } address
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{address.Stack.Word()}'s {address.Kind.Word()} of layer {address.LayerNumber}"
            )
            : place.ToString();
}
