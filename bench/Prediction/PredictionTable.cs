using System.Globalization;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Recipes;

namespace TransformerClinic.Bench.Prediction;

/// <summary>The role of a training for the rule.</summary>
internal enum CellPart
{
    /// <summary>The rule's numbers are fitted on it.</summary>
    Fitted,

    /// <summary>The numbers are tested on it; the measured quantities were chosen with it in view.</summary>
    Tested,

    /// <summary>It was trained when the rule was finished.</summary>
    Unseen,
}

/// <summary>A training with its prediction.</summary>
/// <param name="Outcome">Its result.</param>
/// <param name="Part">Its role for the rule.</param>
/// <param name="Prediction">The prediction.</param>
internal sealed record PredictedCell(CellOutcome Outcome, CellPart Part, TrainingPrediction Prediction)
{
    /// <summary>Whether the prediction is right.</summary>
    public bool Hit => Prediction.Trains == Outcome.Trained;
}

/// <summary>How often predictions are right.</summary>
/// <param name="Part">Which trainings.</param>
/// <param name="Cells">How many there are.</param>
/// <param name="Trained">How many of them trained.</param>
/// <param name="Hits">How many predictions are right.</param>
/// <param name="Clear">How many predictions are not marked as close.</param>
/// <param name="ClearHits">How many of these are right.</param>
internal sealed record HitRate(CellPart Part, int Cells, int Trained, int Hits, int Clear, int ClearHits);

/// <summary>
/// The prediction before training on a grid of trainings: fitted on one half, tested on the other and on a second grid.
/// </summary>
/// <param name="Rule">The rule fitted on the first half.</param>
/// <param name="Cells">Training by training.</param>
internal sealed record PredictionTable(PredictionRule Rule, IReadOnlyList<PredictedCell> Cells)
{
    private const long HalvesSeed = 1;
    private static readonly int[] Horizons = [1, 5, 10, 20, 50, 100];

    /// <summary>The hit rates.</summary>
    public IReadOnlyList<HitRate> Rates =>
        [
            .. from cell in Cells
            group cell by cell.Part into part
            orderby part.Key
            select new HitRate(
                part.Key,
                part.Count(),
                part.Count(cell => cell.Outcome.Trained),
                part.Count(cell => cell.Hit),
                part.Count(cell => !cell.Prediction.Close),
                part.Count(cell => !cell.Prediction.Close && cell.Hit)
            ),
        ];

    /// <summary>
    /// Fits horizon and limits on half of the known outcomes, chosen by a permutation, and predicts all.
    /// </summary>
    /// <param name="known">The trainings of the first grid.</param>
    /// <param name="unseen">Those of the second.</param>
    /// <param name="amplification">The amplification of a cell's model.</param>
    public static PredictionTable Fit(
        IReadOnlyList<CellOutcome> known,
        IReadOnlyList<CellOutcome> unseen,
        Func<GridCell, double> amplification
    )
    {
        var fitted = CounterRandom.Permutation(known.Count, HalvesSeed, "halves", 0).Take(known.Count / 2).ToHashSet();
        var rule = Horizons
            .Select(horizon => Candidate(horizon, [.. known.Where((_, i) => fitted.Contains(i))], amplification))
            .MaxBy(candidate => candidate.Hits)
            .Rule;
        PredictedCell Predicted(CellOutcome outcome, CellPart part) =>
            new(outcome, part, Predict(rule, outcome.Cell, amplification));
        return new PredictionTable(
            rule,
            [
                .. known.Select(
                    (outcome, i) => Predicted(outcome, fitted.Contains(i) ? CellPart.Fitted : CellPart.Tested)
                ),
                .. unseen.Select(outcome => Predicted(outcome, CellPart.Unseen)),
            ]
        );
    }

    public string Markdown()
    {
        var text = new StringBuilder(
            "| variant | layers | learning rate | warm-up | nll | trained | first step | change of the encoder | "
                + "predicted | part |\n|---|---|---|---|---|---|---|---|---|---|\n"
        );
        foreach (var cell in Cells)
        {
            var (grid, prediction) = (cell.Outcome.Cell, cell.Prediction);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {grid.Variant.Key()} | {grid.Layers}+{grid.Layers} | {grid.LearningRate} | "
                    + $"{grid.WarmUpUpdates} | {cell.Outcome.Nll:0.00} | {Word(cell.Outcome.Trained)} | "
                    + $"{prediction.Step:0.0e0} | {prediction.OutputChange:g2} | "
                    + $"{Word(prediction.Trains)}{(cell.Hit ? "" : " **miss**")} | {RecipeKey.Format(cell.Part)} |\n"
            );
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\nThe rule: the first {Rule.Horizon} updates, limits {Rule.PostNormLimit} and "
                + $"{Rule.PreNormLimit}.\n\n| trainings | how many | trained | right | not close | right of these "
                + $"|\n|---|---|---|---|---|---|\n"
        );
        foreach (var rate in Rates)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {RecipeKey.Format(rate.Part)} | {rate.Cells} | {rate.Trained} | {rate.Hits} "
                    + $"({(double)rate.Hits / rate.Cells:0.0 %}) | {rate.Clear} | {rate.ClearHits} |\n"
            );
        }

        return text.ToString();
    }

    private static (PredictionRule Rule, int Hits) Candidate(
        int horizon,
        IReadOnlyList<CellOutcome> outcomes,
        Func<GridCell, double> amplification
    )
    {
        var families = outcomes.ToLookup(
            outcome => PredictionRule.IsPreNorm(outcome.Cell.Model.Encoder),
            outcome =>
                (
                    Change: Change(outcome.Cell, FirstStep.Of(outcome.Cell.Training, horizon)!.Value, amplification),
                    outcome.Trained
                )
        );
        var (postNorm, preNorm) = (Limit([.. families[false]]), Limit([.. families[true]]));
        return (new PredictionRule(horizon, postNorm.Limit, preNorm.Limit), postNorm.Hits + preNorm.Hits);
    }

    private static (double Limit, int Hits) Limit(IReadOnlyList<(double Change, bool Trained)> found)
    {
        // Limits between neighbors, and one above all; among those that are right equally often, the middle one leaves
        // room on both sides.
        double[] changes = [.. found.Select(cell => cell.Change).Order()];
        double[] limits = [.. changes.Zip(changes.Skip(1), (low, high) => Math.Sqrt(low * high)), 2 * changes[^1]];
        int Hits(double limit) => found.Count(cell => cell.Change <= limit == cell.Trained);
        var most = limits.Max(Hits);
        var best = limits.Where(limit => Hits(limit) == most).ToList();
        return (
            double.Parse(
                best[best.Count / 2].ToString("g2", CultureInfo.InvariantCulture),
                CultureInfo.InvariantCulture
            ),
            most
        );
    }

    private static TrainingPrediction Predict(PredictionRule rule, GridCell cell, Func<GridCell, double> amplification)
    {
        var step = FirstStep.Of(cell.Training, rule.Horizon)!.Value;
        return new TrainingPrediction(step, Change(cell, step, amplification), rule.LimitOf(cell.Model.Encoder));
    }

    private static double Change(GridCell cell, double step, Func<GridCell, double> amplification) =>
        amplification(cell) * step * step;

    private static string Word(bool trains) => trains ? "yes" : "no";
}
