using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Runs;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Reports.Figures;

/// <summary>
/// One measured quantity of every sublayer at one update: a line for each stack, from its input to its output.
/// </summary>
/// <param name="Id">Unique in the page.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Unit">What the vertical axis says.</param>
/// <param name="Reading">What to look for.</param>
/// <param name="Value">Takes the quantity from what was measured.</param>
internal sealed record SublayerFigure(
    string Id,
    string Title,
    string Unit,
    string Reading,
    Func<SublayerStatistics, double?> Value
)
{
    private static readonly (StackName Stack, string Color)[] Stacks =
    [
        (StackName.Encoder, Palette.Blue),
        (StackName.Decoder, Palette.Vermilion),
    ];

    /// <summary>Gradient norm.</summary>
    public static SublayerFigure GradientNorm { get; } =
        new(
            "sublayer-gradients",
            "Gradient of each sublayer",
            "L2 norm",
            "How strongly the loss pulls on the parameters of each sublayer. A line that falls or climbs by orders "
                + "of magnitude is a model whose depths learn at different speeds.",
            sublayer => sublayer.GradientNorm
        );

    /// <summary>Relative size of the update.</summary>
    public static SublayerFigure RelativeUpdate { get; } =
        new(
            "sublayer-updates",
            "Update of each sublayer",
            "|update| / |weights|",
            "How far the update moved each sublayer, as a share of its weights.",
            sublayer => sublayer.RelativeUpdate
        );

    /// <summary>The figure, or null if there is no positive value.</summary>
    public FigureView? Of(LogEntry measured)
    {
        var lines = Stacks
            .Select(stack => (stack.Stack, stack.Color, Points: PointsOf(measured, stack.Stack)))
            .Where(line => line.Points.Count > 0)
            .ToList();
        if (lines.Count == 0)
        {
            return null;
        }

        var points = lines.SelectMany(line => line.Points).ToList();
        var chart = new Chart(
            Axis.Around(points.Select(point => point.X), least: 1),
            Axis.AroundLogarithms([.. points.Select(point => point.Y)]),
            "sublayer, from input to output",
            Unit + ", logarithmic"
        );
        foreach (var (_, color, line) in lines)
        {
            chart.Line(line, color, 1.6);
            chart.Points(line, color, 6);
        }

        return Figure.View(
            Id,
            Title,
            $"{Reading} Measured at update {Numbers.Count(measured.Step)}.",
            [.. lines.Select(line => new LegendEntry(line.Stack.Word(), line.Color, Swatch.Line))],
            chart,
            $"Chart of {Unit} over sublayers: "
                + string.Join(
                    "; ",
                    lines.Select(line =>
                        $"{line.Stack.Word()} from {Numbers.ThreeDigits(line.Points[0].Y)} in the first to "
                        + $"{Numbers.ThreeDigits(line.Points[^1].Y)} in the last"
                    )
                )
                + ".",
            [
                new TableView(
                    Title,
                    ["stack, layer, sublayer", Unit],
                    [
                        .. measured.Sublayers!.Select(sublayer =>
                            (CellView[])
                                [
                                    $"{sublayer.Stack.Word()}, {Numbers.Count(sublayer.Layer)}, "
                                        + sublayer.Sublayer.Word(),
                                    Numbers.ThreeDigits(Value(sublayer)),
                                ]
                        ),
                    ]
                ),
            ]
        );
    }

    private List<(double X, double Y)> PointsOf(LogEntry measured, StackName stack) =>
        [
            .. measured
                .Sublayers!.Where(sublayer => sublayer.Stack == stack)
                .Select((sublayer, i) => (X: i + 1.0, Y: Value(sublayer) ?? 0))
                .Where(point => point.Y > 0),
        ];
}
