using System.Globalization;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>What ramps of the learning rate showed, in sentences.</summary>
internal static class RangeWords
{
    /// <summary>The verdict first, then how each ramp ended.</summary>
    public static IReadOnlyList<string> Of(RangeResults results) =>
        [Headline(results), .. Prediction(results), .. results.Ramps.Select(ramp => Ending(ramp, results.Updates))];

    private static string Headline(RangeResults results) =>
        results is { MaxTolerable: { } most, Proposed: { } proposed }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{results.Name} tolerates a learning rate of {most:0.0e0}. Train with {proposed:0.0e0} at "
                    + $"most; the recipe has {results.RecipeLearningRate:0.0e0}"
            ) + Compare(results.RecipeLearningRate, most, proposed)
            : $"{results.Name} tolerates no learning rate that was tried: its loss never fell by half a nat.";

    private static IEnumerable<string> Prediction(RangeResults results)
    {
        if (results is { ByRamp: { } ramp, Predicted: { } predicted })
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The loss of the ramp fell up to {ramp:0.0e0}, of which a third is {ramp * RangeResults.Part:0.0e0}; "
                    + $"the prediction before training is that it bears a peak of about {predicted:0.0e0}. "
            )
                + (
                    predicted < ramp
                        ? "The smaller counts: a short ramp cannot tell a model that learns from one that learns only "
                            + "word frequencies."
                        : "The smaller counts."
                );
        }
    }

    private static string Compare(double recipe, double most, double proposed) =>
        recipe > most ? ", which is more than it tolerates: expect training to fail."
        : recipe > proposed ? ", which leaves little room."
        : ", which is within it.";

    private static string Ending(LearningRateRange ramp, int updates)
    {
        var last = ramp.Points.Count;
        var why = ramp.End switch
        {
            RangeEnd.Diverged => "the smoothed loss was half a nat above its best",
            RangeEnd.NotFinite => "the loss was no longer a finite number",
            RangeEnd.Stagnated => "the loss had not become lower while the rate tripled",
            _ => "the ramp was at its end",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {ramp.Seed}: from {LearningRateRange.From:0e0} on the rate grew to {ramp.EndedAt:0.0e0} in {last} "
                + $"of {updates} updates, where {why}; the lowest was {ramp.Lowest:0.00} nats per token."
        );
    }
}
