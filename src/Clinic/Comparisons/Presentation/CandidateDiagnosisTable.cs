using TransformerClinic.Common;
using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>What was diagnosed before and after training, a candidate and a time in each row.</summary>
internal static class CandidateDiagnosisTable
{
    /// <summary>The table, or null if nothing was diagnosed.</summary>
    public static TableView? Of(IReadOnlyList<RankedCandidate> ranking)
    {
        CellView[][] rows =
        [
            .. from one in ranking
            let found = one.Runs.Select(run => run.Diagnosis).FirstOrDefault(diagnosis => diagnosis is not null)
            where found is not null
            from row in new[] { ("before", found.Before), ("after", found.After) }
            where row.Item2 is not null
            select Row(one, row.Item1, row.Item2),
        ];
        return rows.Length == 0
            ? null
            : new TableView(
                "Diagnosis",
                [
                    "variant",
                    new("training", IsText: true),
                    new("verdict", IsText: true),
                    "encoder leans",
                    "decoder leans",
                    new("encoder's change grows as", IsText: true),
                    new("decoder's", IsText: true),
                    "encoder's gradient kept",
                    "decoder's",
                    "lowest entropy",
                    "most dead units",
                ],
                rows
            )
            {
                Kind = "runs",
                Note =
                    "Of each variant's first seed. Leans: the newest branch's weight in the state (beta), mean over "
                    + "the sublayers. Change: of the output under small random changes of the weights. Gradient "
                    + "kept: at the lowest sublayer, relative to the highest. Lowest entropy: of an attention, "
                    + "relative to an even spread. The verdicts lead to the pages with all of it.",
            };
    }

    private static CellView[] Row(RankedCandidate one, string when, DiagnosedState state)
    {
        var (encoder, decoder) = (state.Stacks[0], state.Stacks[1]);
        return
        [
            one.Candidate.Name,
            when,
            new(state.Outcome.ToString().ToLowerInvariant())
            {
                Address = Uri.EscapeDataString(state.Page).Replace("%2F", "/", StringComparison.Ordinal),
            },
            Numbers.ThreeDigits(encoder.Lean),
            Numbers.ThreeDigits(decoder.Lean),
            state.Growth[0],
            state.Growth[1],
            Numbers.ThreeDigits(encoder.GradientKept),
            Numbers.ThreeDigits(decoder.GradientKept),
            Numbers.ThreeDigits(Lowest(encoder.LowestEntropy, decoder.LowestEntropy)),
            Numbers.ThreeDigits(Highest(encoder.MostDead, decoder.MostDead)),
        ];
    }

    private static double? Lowest(params double?[] values) => values.Min();

    private static double? Highest(params double?[] values) => values.Max();
}
