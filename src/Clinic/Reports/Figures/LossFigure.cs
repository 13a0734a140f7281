using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Reports.Figures;

/// <summary>
/// Training and validation loss over updates, with perplexity as the second reading of the same axis.
/// </summary>
internal static class LossFigure
{
    /// <summary>The figure, or null if no loss was logged.</summary>
    public static FigureView? Of(LearningCurve curve, double? unigramLoss)
    {
        var train = Thinning.KeepExtremes(curve.Train.Select(point => ((double)point.Step, point.Nll)));
        var valid = Thinning.KeepExtremes(curve.Valid.Select(point => ((double)point.Step, point.Nll)));
        if (train.Count + valid.Count == 0)
        {
            return null;
        }

        var chart = Chart.OfLosses([.. train, .. valid], unigramLoss);
        chart.Line(train, Palette.Orange, 1.2);
        chart.Line(valid, Palette.Blue, 3);
        if (valid.Count <= 25)
        {
            chart.Points(valid, Palette.Blue, 8);
        }

        return Figure.View(
            "loss",
            "Loss over updates",
            Reading(curve),
            Legend(train.Count > 0, valid.Count > 0),
            chart,
            Describe(curve),
            NumbersOf(curve)
        );
    }

    private static string Reading(LearningCurve curve)
    {
        var lost =
            curve.Train.Count(point => !double.IsFinite(point.Nll))
            + curve.Valid.Count(point => !double.IsFinite(point.Nll));
        return "How surprised the model is by each subword of the reference translation: lower is better. The "
            + "validation set is text it was not trained on; while both lines fall together, it learns what carries "
            + "over."
            + (lost > 0 ? $" {Numbers.Count(lost)} logged losses are not finite and cannot be drawn." : "");
    }

    private static LegendEntry[] Legend(bool train, bool valid) =>
        [
            .. train ? [new LegendEntry("training", Palette.Orange, Swatch.ThinLine)] : (LegendEntry[])[],
            .. valid ? [new LegendEntry("validation", Palette.Blue, Swatch.Line)] : (LegendEntry[])[],
        ];

    private static string Describe(LearningCurve curve) =>
        "Line chart of the loss in nats per target token over updates."
        + (
            curve.Train.Count > 0
                ? $" Training goes from {Numbers.Loss(curve.Train[0].Nll)} to {Numbers.Loss(curve.Train[^1].Nll)}."
                : ""
        )
        + (
            curve.Valid.Count > 0
                ? $" Validation goes from {Numbers.Loss(curve.Valid[0].Nll)} to {Numbers.Loss(curve.Valid[^1].Nll)}."
                : ""
        );

    private static TableView[] NumbersOf(LearningCurve curve)
    {
        var valid = LogTable.Of(
            "Validation loss over updates",
            ["updates", "validation loss, label-smoothed", "negative log-likelihood", "perplexity"],
            curve.Valid,
            point =>
                [
                    Numbers.Count(point.Step),
                    Numbers.Loss(point.Loss),
                    Numbers.Loss(point.Nll),
                    Numbers.Perplexity(point.Perplexity),
                ]
        );
        var train = LogTable.Of(
            "Training loss over updates",
            ["updates", "training loss, label-smoothed", "negative log-likelihood", "perplexity"],
            curve.Train,
            point =>
                [
                    Numbers.Count(point.Step),
                    Numbers.Loss(point.Loss),
                    Numbers.Loss(point.Nll),
                    Numbers.Perplexity(point.Perplexity),
                ]
        );
        return [.. new[] { valid, train }.Where(table => table.Rows.Count > 0)];
    }
}
