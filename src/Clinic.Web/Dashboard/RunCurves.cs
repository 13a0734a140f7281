using System.Text.Json;
using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Pages.Dashboard;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reports.Figures;
using TransformerClinic.Reports.Markup;
using TransformerClinic.Web.Runs;

namespace TransformerClinic.Web.Dashboard;

/// <summary>The curves of runs: drawn as they are now, with what a script needs to keep them up to date.</summary>
internal static class RunCurves
{
    /// <summary>A run in a chart.</summary>
    /// <param name="Run">The run.</param>
    /// <param name="Curve">What its log says.</param>
    public sealed record Drawn(RunPlace Run, LearningCurve Curve);

    private sealed record Line(Drawn Run, string Name, string Color, bool Dashed);

    /// <summary>The charts of one run.</summary>
    public static IReadOnlyList<LiveChartView> Of(Drawn run)
    {
        var line = new Line(run, "", Palette.Blue, Dashed: false);
        return
        [
            Live(
                LossFigure.Of(run.Curve, null) ?? Empty("loss", "Loss over updates", "Lower is better."),
                [
                    Series(line with { Name = "training", Color = Palette.Orange }, "train", "nll", 1.2),
                    Series(line with { Name = "validation" }, "valid", "nll", 3),
                ]
            ),
            Live(
                ValidationPerplexity([line]),
                [Series(line with { Name = "validation perplexity" }, "valid", "perplexity", 3)],
                logarithmic: true
            ),
            Live(
                TrainingSignalFigure.GradientNorm.Of(run.Curve.Train) ?? Empty(TrainingSignalFigure.GradientNorm),
                [Series(line with { Name = "gradient norm", Color = Palette.Vermilion }, "train", "gradientNorm", 1.6)],
                logarithmic: true
            ),
            Live(
                TrainingSignalFigure.LearningRate.Of(run.Curve.Train) ?? Empty(TrainingSignalFigure.LearningRate),
                [Series(line with { Name = "learning rate", Color = Palette.Green }, "train", "learningRate", 1.6)]
            ),
        ];
    }

    /// <summary>The charts of several runs, a line each.</summary>
    public static IReadOnlyList<LiveChartView> Of(IReadOnlyList<Drawn> runs)
    {
        List<Line> lines =
        [
            .. runs.Select(
                (run, i) =>
                {
                    var (color, dashed) = Palette.OfVariant(i);
                    return new Line(run, run.Run.Id, color, dashed);
                }
            ),
        ];
        return
        [
            Live(
                Figure(
                    "validation-loss",
                    "Validation loss",
                    "How surprised each model is by text that it was not trained on: lower is better.",
                    "nats per token",
                    lines,
                    curve => curve.Valid.Select(point => ((double)point.Step, point.Nll)),
                    Numbers.Loss
                ),
                [.. lines.Select(line => Series(line, "valid", "nll", 2.5))]
            ),
            Live(
                ValidationPerplexity(lines),
                [.. lines.Select(line => Series(line, "valid", "perplexity", 2.5))],
                true
            ),
            Live(
                Figure(
                    "training-loss",
                    "Training loss",
                    "How surprised each model is by what it is trained on.",
                    "nats per token",
                    lines,
                    curve => curve.Train.Select(point => ((double)point.Step, point.Nll)),
                    Numbers.Loss
                ),
                [.. lines.Select(line => Series(line, "train", "nll", 1.4))]
            ),
            Live(
                Figure(
                    "gradient-norm",
                    "Gradient norm",
                    "How strongly the loss pulls on all parameters together: spikes that grow announce divergence.",
                    "L2 norm, before clipping",
                    lines,
                    curve => curve.Train.Select(point => ((double)point.Step, point.GradientNorm)),
                    Numbers.ThreeDigits,
                    logarithmic: true
                ),
                [.. lines.Select(line => Series(line, "train", "gradientNorm", 1.4))],
                logarithmic: true
            ),
        ];
    }

    private static FigureView ValidationPerplexity(IReadOnlyList<Line> lines) =>
        Figure(
            "perplexity",
            "Validation perplexity",
            "As uncertain as a choice among this many subwords: lower is better.",
            "perplexity",
            lines,
            curve => curve.Valid.Select(point => ((double)point.Step, point.Perplexity)),
            Numbers.Perplexity,
            logarithmic: true
        );

    private static FigureView Figure(
        string id,
        string title,
        string reading,
        string unit,
        IReadOnlyList<Line> lines,
        Func<LearningCurve, IEnumerable<(double X, double Y)>> points,
        Func<double?, string> number,
        bool logarithmic = false
    )
    {
        var all = lines
            .Select(line =>
                (Line: line, Points: points(line.Run.Curve).Where(point => double.IsFinite(point.Y)).ToList())
            )
            .Where(entry => entry.Points.Count > 0)
            .ToList();
        if (all.Count == 0)
        {
            return Empty(id, title, reading);
        }

        var values = all.SelectMany(entry => entry.Points).Select(point => point.Y).ToList();
        var chart = new Chart(
            Axis.OfUpdates(all.SelectMany(entry => entry.Points).Select(point => point.X)),
            logarithmic && values.Min() > 0 ? Axis.AroundLogarithms(values) : Axis.Around(values, fromZero: false),
            "updates",
            unit + (logarithmic ? ", logarithmic" : "")
        );
        foreach (var (line, found) in all)
        {
            chart.Line(Thinning.KeepExtremes(found), line.Color, 2, line.Dashed);
        }

        return Reports.Charts.Figure.View(
            id,
            title,
            reading,
            [.. all.Where(entry => entry.Line.Name.Length > 0).Select(entry => Entry(entry.Line))],
            chart,
            $"Line chart of {unit} over updates. "
                + string.Join(
                    " ",
                    all.Select(entry =>
                        $"{(entry.Line.Name.Length > 0 ? entry.Line.Name : title)} goes from "
                        + $"{number(entry.Points[0].Y)} to {number(entry.Points[^1].Y)}."
                    )
                ),
            [
                .. all.Select(entry =>
                    LogTable.Of(
                        entry.Line.Name.Length > 0 ? $"{title}, {entry.Line.Name}" : title,
                        ["updates", entry.Line.Name.Length > 0 ? $"{unit}, {entry.Line.Name}" : unit],
                        entry.Points,
                        point => [Numbers.Count(point.X), number(point.Y)]
                    )
                ),
            ]
        );
    }

    private static LegendEntry Entry(Line line) =>
        new(line.Name, line.Color, line.Dashed ? Swatch.DashedLine : Swatch.Line);

    private static FigureView Empty(TrainingSignalFigure figure) => Empty(figure.Id, figure.Title, figure.Reading);

    private static FigureView Empty(string id, string title, string reading) =>
        new(id, title, reading, new DrawingView(460, 60, "", "Nothing has been logged yet."));

    private static ChartSeries Series(Line line, string kind, string field, double width) =>
        new(RunAddress.Events(line.Run.Run.Id), kind, field, line.Name, line.Color, width, line.Dashed);

    private static LiveChartView Live(FigureView figure, IReadOnlyList<ChartSeries> series, bool logarithmic = false) =>
        new(figure, string.Join(' ', series.Select(line => line.Events).Distinct()))
        {
            Settings = new Dictionary<string, string>
            {
                ["series"] = JsonSerializer.Serialize(series, JsonSerializerOptions.Web),
                ["scale"] = logarithmic ? "logarithmic" : "linear",
            },
        };
}
