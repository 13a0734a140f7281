using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>The search for learning rates: a candidate in each row, a rate in each column.</summary>
internal static class SearchTable
{
    /// <summary>The table, or null without a search.</summary>
    public static TableView? Of(IReadOnlyList<RankedCandidate> ranking)
    {
        double[] rates = [.. ranking.SelectMany(one => one.Search).Select(run => run.LearningRate).Distinct().Order()];
        return rates.Length == 0
            ? null
            : new TableView(
                "Search for the learning rate",
                ["variant", .. rates.Select(rate => (ColumnView)OptionKey.Format(rate))],
                [
                    .. ranking
                        .Where(one => one.Search.Count > 0)
                        .Select(one => (CellView[])[one.Candidate.Name, .. rates.Select(rate => Cell(one, rate))]),
                ]
            )
            {
                Note =
                    "Validation loss after a part of the budget, in nats per token, with one seed; the lowest one of "
                    + "each row decides the rate that the comparison uses.",
            };
    }

    private static CellView Cell(RankedCandidate one, double rate) =>
        one.Search.FirstOrDefault(run => run.LearningRate == rate) switch
        {
            null => Numbers.Missing,
            { Results.Outcome: RunOutcome.Diverged } => new CellView("diverged") { Mood = Mood.Poor },
            { Results: var results } when ComparisonPlan.Best(one.Search) == rate => new CellView(
                Numbers.Loss(results.ValidationNll)
            )
            {
                Mood = Mood.Good,
            },
            { Results: var results } => Numbers.Loss(results.ValidationNll),
        };
}
