using System.Globalization;
using TransformerClinic.Model;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>What happens along the depth of a model, in sentences.</summary>
internal static class DepthWords
{
    // cos 26 degrees: what is left to tell tokens apart is a fifth of their variance.
    private const double Alike = 0.9;

    // Two per cent in perplexity, what counts as an improvement elsewhere.
    private const double NoDamage = Thresholds.Improved;

    /// <summary>The sentences of what was measured.</summary>
    public static IEnumerable<string> Of(DiagnosisResults results)
    {
        StackFindings[] stacks = [results.Encoder, results.Decoder];
        foreach (var stack in stacks)
        {
            if (Similarity(stack) is { } similarity)
            {
                yield return similarity;
            }
        }

        foreach (var stack in stacks)
        {
            if (Gradient(stack) is { } gradient)
            {
                yield return gradient;
            }
        }

        foreach (var stack in stacks)
        {
            if (Removal(stack) is { } removal)
            {
                yield return removal;
            }
        }

        if (results.Spikes is { } spikes)
        {
            yield return Spikes(spikes);
        }
    }

    private static string? Similarity(StackFindings stack)
    {
        if (stack.Depth is not { Similarity: [{ } first, .., { } last], BranchShare: [.., { } share] })
        {
            return null;
        }

        var collapsed = last >= Alike ? " They have nearly become one direction (rank collapse)." : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Tokens of a sentence have a mean cosine of {first:0.000} after the {stack.Stack.Word()}'s first "
                + $"sublayer and {last:0.000} after its last, whose branch has {share:0.00} of its shortcut's "
                + $"variance.{collapsed}"
        );
    }

    private static string? Gradient(StackFindings stack) =>
        stack.Depth is { GradientKept: [{ } kept, ..], GradientThroughShortcuts: [{ } shortcuts, ..] }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The gradient at the {stack.Stack.Word()}'s lowest sublayer is {Times(kept)} that at its output; "
                    + $"{ThroughShortcuts(shortcuts)}"
            )
            : null;

    private static string ThroughShortcuts(double share) =>
        share == 0
            ? "no shortcut begins there, for its layer's shortcut begins at the layer's input."
            : $"through only its shortcuts, the product of their Jacobians, it would be {Times(share)} that.";

    private static string? Removal(StackFindings stack)
    {
        double[] damages = [.. (stack.Depth?.RemovalDamage ?? []).OfType<double>()];
        if (damages.Length == 0)
        {
            return null;
        }

        var (worst, most) = damages.Index().MaxBy(entry => entry.Item);
        var idle = damages.Count(damage => damage < NoDamage);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"With its shortcut in place of sublayer {worst + 1} of {damages.Length} the {stack.Stack.Word()} loses "
                + $"most, {most:0.00} nats per token; {idle} of its sublayers cost less than {NoDamage:0.00}."
        );
    }

    private static string Spikes(SpikeScore spikes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Of {spikes.Points:N0} points of its log {spikes.Loss:0.0 %} of losses and {spikes.GradientNorm:0.0 %} of "
                + $"gradient norms are spikes (7 standard deviations from the mean of up to 1,000 points before)."
        );

    private static string Times(double share) =>
        share >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{share:0.0} times")
        : share >= 0.001 ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} % of")
        : string.Create(CultureInfo.InvariantCulture, $"{share:0.0e0} of");
}
