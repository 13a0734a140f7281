using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reports.Markup;
using TransformerClinic.Runs;

namespace TransformerClinic.Reports.Figures;

/// <summary>
/// A quantity that examinations during training measured, over updates: a line or two for each stack.
/// </summary>
/// <param name="Id">Unique in the page.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Unit">What the vertical axis says.</param>
/// <param name="Reading">What to look for.</param>
/// <param name="Lines">A line's name, which follows that of its stack, and its value.</param>
internal sealed record DiagnosisFigure(
    string Id,
    string Title,
    string Unit,
    string Reading,
    IReadOnlyList<(string Name, Func<StackDiagnosis, double?> Value)> Lines
)
{
    private static readonly (StackName Stack, string[] Colors)[] Stacks =
    [
        (StackName.Encoder, [Palette.Blue, Palette.Sky]),
        (StackName.Decoder, [Palette.Vermilion, Palette.Orange]),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DiagnosisFigure> All { get; } =
    [
        new(
            "diagnosed-lean",
            "Residual dependency",
            "share of the newest branch, beta",
            "How much a state is made of the branch that was added last. The less the upper half leans on it, the "
                + "less do changes of the weights add up.",
            [(", lower half", stack => stack.LeanLower), (", upper half", stack => stack.LeanUpper)]
        ),
        new(
            "diagnosed-output-change",
            "Output change",
            "change by random signs",
            "How much the last state changes when every weight moves by 0.0001. One that climbs by orders of "
                + "magnitude is a model that amplifies its own updates.",
            [("", stack => stack.OutputChange)]
        )
        {
            Logarithmic = true,
        },
        new(
            "diagnosed-gradient",
            "Gradient at the input",
            "share of that at the output",
            "What is left of the gradient at the lowest sublayer. Adam makes up for much of it; one that vanishes "
                + "altogether leaves nothing to learn from. Through only the shortcuts: the product of their "
                + "Jacobians.",
            [("", stack => stack.GradientKept), (", only shortcuts", stack => stack.GradientThroughShortcuts)]
        )
        {
            Logarithmic = true,
        },
        new(
            "diagnosed-similarity",
            "Token similarity",
            "mean cosine of two tokens",
            "How alike the tokens of a sentence are at the stack's output. At 1 they are one direction, and attention "
                + "has nothing left to choose from.",
            [("", stack => stack.Similarity)]
        ),
        new(
            "diagnosed-activity",
            "Attention and feed-forward units",
            "share",
            "The most pointed attention, where 1 spreads evenly and 0 looks at one word, and the sublayer with the "
                + "most units that never wake.",
            [(", lowest entropy", stack => stack.LowestEntropy), (", most dead units", stack => stack.MostDead)]
        ),
    ];

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>The figure, or null if nothing was measured.</summary>
    public FigureView? Of(IReadOnlyList<LogEntry> diagnoses)
    {
        var drawn = Stacks
            .SelectMany(stack =>
                Lines.Zip(
                    stack.Colors,
                    (line, color) =>
                        (
                            Name: stack.Stack.Word() + line.Name,
                            Color: color,
                            Points: PointsOf(diagnoses, stack.Stack, line.Value)
                        )
                )
            )
            .Where(line => line.Points.Count > 0)
            .ToList();
        if (drawn.Count == 0)
        {
            return null;
        }

        var points = drawn.SelectMany(line => line.Points).ToList();
        List<double> values = [.. points.Select(point => point.Y)];
        var chart = new Chart(
            Axis.OfUpdates(points.Select(point => point.X)),
            Logarithmic ? Axis.AroundLogarithms(values) : Axis.Around(values, fromZero: true),
            "updates",
            Unit + (Logarithmic ? ", logarithmic" : "")
        );
        foreach (var (_, color, line) in drawn)
        {
            chart.Line(Thinning.KeepExtremes(line), color, 2);
        }

        return Figure.View(
            Id,
            Title,
            Reading,
            [.. drawn.Select(line => new LegendEntry(line.Name, line.Color, Swatch.Line))],
            chart,
            $"Line chart of {Unit} over updates: "
                + string.Join(
                    "; ",
                    drawn.Select(line =>
                        $"{line.Name} from {Numbers.ThreeDigits(line.Points[0].Y)} to "
                        + $"{Numbers.ThreeDigits(line.Points[^1].Y)}"
                    )
                )
                + ".",
            [
                LogTable.Of(
                    Title,
                    ["updates", .. drawn.Select(line => line.Name)],
                    diagnoses,
                    update =>
                        [
                            Numbers.Count(update.Step),
                            .. drawn.Select(line =>
                                Numbers.ThreeDigits(
                                    line.Points.Where(point => point.X == update.Step)
                                        .Select(point => (double?)point.Y)
                                        .FirstOrDefault()
                                )
                            ),
                        ]
                ),
            ]
        );
    }

    private List<(double X, double Y)> PointsOf(
        IReadOnlyList<LogEntry> diagnoses,
        StackName stack,
        Func<StackDiagnosis, double?> value
    ) =>
        [
            .. from update in diagnoses
            from found in update.Diagnosis!
            where found.Stack == stack && value(found) is { } number && (!Logarithmic || number > 0)
            select ((double)update.Step, value(found)!.Value),
        ];
}
