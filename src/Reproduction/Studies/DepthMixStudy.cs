using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>The sequel's depth mix: layers serve the encoder better than the decoder.</summary>
internal sealed class DepthMixStudy : TrainingStudy
{
    private static readonly (int Encoder, int Decoder)[] Mixes = [(18, 6), (12, 12), (6, 18)];

    /// <inheritdoc/>
    public override StudyDescription Description =>
        new()
        {
            Id = "depth-mix",
            Title = "24 layers of Admin, divided between encoder and decoder",
            Place = "Liu et al. 2020 (2008.07772), depth mix",
            Claim =
                "With Admin a deep encoder with a shallow decoder ends below a shallow encoder with a deep decoder.",
            Criterion =
                "The held-out loss of 18+6 layers ends below that of 6+18 layers with every seed, the same seeds "
                + "compared, and both train. "
                + Failing,
            Paper =
                "BLEU on WMT'14 En-Fr: 60+12 layers 43.8, 36+36 43.7, 12+60 43.1; 60+12 against 12+60 is significant.",
            Minutes = 2.5,
            Hours = 4,
        };

    internal override IReadOnlyList<StudyCell> Cells(StudyBudget budget)
    {
        var recipe = ReversalRecipe.Of(budget);
        var seeds = StudyWords.Seeds(3);
        return
        [
            .. Mixes.Select(mix =>
                Cell(
                    $"{mix.Encoder}+{mix.Decoder} layers",
                    "",
                    seeds,
                    seed =>
                        recipe.Train(
                            SmallTraining.Narrow(
                                ResidualVariant.Admin,
                                mix.Encoder,
                                ResidualVariant.Admin,
                                mix.Decoder,
                                recipe.Dim
                            ),
                            seed
                        )
                )
            ),
        ];
    }

    internal override StudyFindings Judge(IReadOnlyList<TrainedCell> cells)
    {
        var (deepEncoder, deepDecoder) = (cells[0], cells[^1]);
        return new StudyFindings(
            [deepEncoder.Trains(), deepDecoder.Trains(), deepEncoder.EndsBelow(deepDecoder)],
            "Held-out nll: "
                + $"{string.Join(", ", cells.Select(cell => $"{cell.Label} {StudyWords.Fixed(cell.Nll, 3)}"))}.",
            [],
            []
        )
        {
            Values =
            [
                new("deep encoder", "60+12: 43.8 BLEU", $"18+6: {deepEncoder.Ending}"),
                new("even", "36+36: 43.7 BLEU", $"12+12: {cells[1].Ending}"),
                new("deep decoder", "12+60: 43.1 BLEU", $"6+18: {deepDecoder.Ending}"),
            ],
            Drawings = [Curves(Description.Id, "24 layers of Admin, encoder + decoder", "Mean over seeds.", cells)],
            Remarks = "A decoder layer has three sublayers and an encoder layer two, so 6+18 is the larger model.",
        };
    }
}
