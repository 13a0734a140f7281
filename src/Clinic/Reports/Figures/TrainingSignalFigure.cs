using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Reports.Figures;

/// <summary>One measured quantity of training over updates: a single line.</summary>
/// <param name="Id">Unique in the page.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Unit">Unit of the vertical axis.</param>
/// <param name="Reading">What to look for.</param>
/// <param name="Color">Color of the line.</param>
/// <param name="Value">Takes the quantity from a line of the log.</param>
internal sealed record TrainingSignalFigure(
    string Id,
    string Title,
    string Unit,
    string Reading,
    string Color,
    Func<TrainPoint, double> Value
)
{
    /// <summary>
    /// Largest ratio of values that a linear axis still shows well; beyond it the axis is logarithmic.
    /// </summary>
    private const double LinearUpTo = 30;

    /// <summary>Learning rate: warm-up, then decay.</summary>
    public static TrainingSignalFigure LearningRate { get; } =
        new(
            "learning-rate",
            "Learning rate",
            "learning rate",
            "How far each update may go. It rises during warm-up, when gradients are least reliable, and falls "
                + "afterwards.",
            Palette.Green,
            point => point.LearningRate
        );

    /// <summary>Gradient norm: spikes announce instability.</summary>
    public static TrainingSignalFigure GradientNorm { get; } =
        new(
            "gradient-norm",
            "Gradient norm",
            "L2 norm, before clipping",
            "How strongly the loss pulls on all parameters together. A level line is a calm patient; spikes that "
                + "keep growing announce divergence.",
            Palette.Vermilion,
            point => point.GradientNorm
        );

    /// <summary>Throughput.</summary>
    public static TrainingSignalFigure Throughput { get; } =
        new(
            "throughput",
            "Speed",
            "target tokens per second",
            "How fast this machine trains. Dips are validations, checkpoints, or other programs at work.",
            Palette.Purple,
            point => point.TokensPerSecond
        );

    /// <summary>The figure, or null if the log holds no finite value of the quantity.</summary>
    public FigureView? Of(IReadOnlyList<TrainPoint> train)
    {
        var all = train.Select(point => (X: (double)point.Step, Y: Value(point))).ToList();
        var points = Thinning.KeepExtremes(all);
        if (points.Count == 0)
        {
            return null;
        }

        var values = points.Select(point => point.Y).ToList();
        var logarithmic = Id == GradientNorm.Id && values.Min() > 0 && values.Max() / values.Min() > LinearUpTo;
        var y = logarithmic ? Axis.AroundLogarithms(values) : Axis.Around(values, fromZero: true);
        var chart = new Chart(
            Axis.OfUpdates(points.Select(point => point.X)),
            y,
            "updates",
            Unit + (logarithmic ? ", logarithmic" : "")
        );
        chart.Line(points, Color, 1.6);

        var lost = all.Count(point => !double.IsFinite(point.Y));
        var reading = Reading + (lost > 0 ? $" {Numbers.Count(lost)} values are not finite and cannot be drawn." : "");
        var description =
            $"Line chart of {Unit} over updates: from {Numbers.ThreeDigits(values[0])} to "
            + $"{Numbers.ThreeDigits(values[^1])}, at least {Numbers.ThreeDigits(values.Min())}, at most "
            + $"{Numbers.ThreeDigits(values.Max())}.";
        var numbers = LogTable.Of(
            Title,
            ["updates", Unit],
            all,
            point => [Numbers.Count(point.X), Numbers.ThreeDigits(point.Y)]
        );
        return Figure.View(Id, Title, reading, [], chart, description, numbers);
    }
}
