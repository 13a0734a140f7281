using TransformerClinic.Common;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reports.Diagnoses;

/// <summary>The figures of a diagnosis, in the paper's form where it has them.</summary>
internal static class DiagnosisDrawings
{
    private const int EncoderColor = 0;
    private const int DecoderColor = 1;
    private const int AdminColor = 2;
    private const string DeadUnitsName = "dead-units";
    private const string DriftName = "drift";
    private const string BalanceName = "gradients-and-updates";

    /// <summary>Names of the figures that not every diagnosis has.</summary>
    public static IReadOnlyList<string> Optional { get; } =
    [DeadUnitsName, DriftName, BalanceName, DepthDrawings.RemovalName];

    /// <summary>All that there is data for.</summary>
    public static IReadOnlyList<Drawing> Of(DiagnosisResults results) =>
        [
            OutputChange(results),
            Dependency(results, StackName.Encoder),
            Dependency(results, StackName.Decoder),
            Gradients(results),
            Magnitudes(results),
            Entropy(results),
            .. DeadUnits(results),
            .. DepthDrawings.Of(results),
            .. results.FirstUpdates is { } updates ? new Drawing[] { Drift(updates), Balance(updates) } : [],
        ];

    private static LineDrawing OutputChange(DiagnosisResults results) =>
        new(
            "output-change",
            "Output change by random signs",
            "How much each state changes when every weight moves by 1e-4, mean of all seeds and perturbations, with "
                + "the better fit of N and log N thin. A straight line is what makes deep training fail; the "
                + "paper's figure 4.",
            "sublayers N",
            "E |x(W) - x(W + d)|^2",
            [
                .. Curve(results.Encoder, EncoderColor),
                .. Curve(results.Decoder, DecoderColor),
                .. results.WithAdmin is { } admin
                    ? new[]
                    {
                        Line($"{StackName.Encoder.Word()} with Admin", admin.Encoder.Mean, AdminColor),
                        Line($"{StackName.Decoder.Word()} with Admin", admin.Decoder.Mean, AdminColor + 1),
                    }
                    : [],
            ]
        );

    private static IEnumerable<LineSeries> Curve(StackFindings stack, int color)
    {
        var (name, growth) = (stack.Stack.Word(), stack.Growth);
        yield return Line(name, growth.Mean, color);
        var (fit, law, size) =
            growth.Fit.Best == Residuals.OutputChange.LogN
                ? (growth.Fit.Logarithmic, "log N", (Func<double, double>)Math.Log)
                : (growth.Fit.Linear, "N", n => n);
        yield return Line(
            $"{name}: {law}, R2 {Numbers.RSquared(fit.RSquared)}",
            [.. growth.Mean.Select((_, i) => fit.Intercept + (fit.Slope * size(i + 1)))],
            color
        ) with
        {
            Thin = true,
        };
    }

    private static TriangleDrawing Dependency(DiagnosisResults results, StackName stack)
    {
        var matrices = results.Examinations.Select(found => StackFindings.Of(stack, found.Dependency).Beta).ToList();
        var rows = matrices[0]
            .Skip(1)
            .Select((row, i) => StackFindings.MeanOf(matrices.Select(matrix => matrix[i + 1]))[1..])
            .ToList();
        return new TriangleDrawing(
            $"dependency-{stack.Word()}",
            $"Residual dependency of the {stack.Word()}",
            "beta[i][j]: how much of state i comes from branch j; the stack's input is left out. A bright "
                + "diagonal that does not fade leans on its newest branch at any depth; the paper's figures 7 and "
                + "8.",
            rows,
            Math.Max(0.05, Math.Ceiling(rows.Max(row => row.Max()) * 20) / 20)
        );
    }

    private static LineDrawing Gradients(DiagnosisResults results)
    {
        List<double[]> Norms(StackName stack) =>
            [
                .. results.Examinations.Select(found =>
                    StackFindings.Norms(found, stack).Select(gradient => gradient.Norm).ToArray()
                ),
            ];
        var (encoder, decoder) = (
            StackFindings.MeanOf(Norms(StackName.Encoder)),
            StackFindings.MeanOf(Norms(StackName.Decoder))
        );
        var largest = encoder.Concat(decoder).Max();
        return new LineDrawing(
            "gradients",
            "Gradient norm of sublayer outputs",
            "Relative to the largest in the model, from a stack's input to its output. Post-LN decoders lose their "
                + "gradient through cross-attention; the paper's figure 3.",
            "sublayer, from input to output",
            "relative gradient norm",
            [
                Line(StackName.Encoder.Word(), [.. encoder.Select(norm => norm / largest)], EncoderColor),
                Line(StackName.Decoder.Word(), [.. decoder.Select(norm => norm / largest)], DecoderColor),
            ]
        )
        {
            LogarithmicY = true,
        };
    }

    private static LineDrawing Magnitudes(DiagnosisResults results)
    {
        LineSeries Of(
            StackName stack,
            string what,
            Func<SublayerActivity, double> value,
            int color,
            bool thin = false
        ) =>
            Line($"{stack.Word()}: {what}", [.. Mean(results, stack, value).Select(point => point.Value)], color) with
            {
                Thin = thin,
            };
        return new LineDrawing(
            "magnitudes",
            "Activation magnitudes",
            "Root mean square of what sublayers hand on, and of their branches. A normalization keeps the first at "
                + "the size of its weights; in Pre-LN it grows.",
            "sublayer, from input to output",
            "root mean square",
            [
                Of(StackName.Encoder, "output", sublayer => sublayer.OutputRms, EncoderColor),
                Of(StackName.Encoder, "branch", sublayer => sublayer.BranchRms, EncoderColor, thin: true),
                Of(StackName.Decoder, "output", sublayer => sublayer.OutputRms, DecoderColor),
                Of(StackName.Decoder, "branch", sublayer => sublayer.BranchRms, DecoderColor, thin: true),
            ]
        );
    }

    private static LineDrawing Entropy(DiagnosisResults results)
    {
        LineSeries Of(StackName stack, SublayerKind kind, int color) =>
            new(
                $"{stack.Word()}: {kind.Word()}",
                [
                    .. Mean(results, stack, sublayer => sublayer.Attention?.RelativeEntropy ?? double.NaN, kind)
                        .Select(point => (point.Place.Layer + 1.0, point.Value)),
                ],
                color
            );
        return new LineDrawing(
            "attention-entropy",
            "Attention entropy",
            "Of an even spread's: 1 looks at all keys alike, as untrained models do; 0 looks at one.",
            "layer",
            "entropy / ln(keys)",
            [
                Of(StackName.Encoder, SublayerKind.SelfAttention, EncoderColor),
                Of(StackName.Decoder, SublayerKind.SelfAttention, DecoderColor),
                Of(StackName.Decoder, SublayerKind.CrossAttention, AdminColor),
            ]
        );
    }

    private static IEnumerable<LineDrawing> DeadUnits(DiagnosisResults results)
    {
        if (results.Encoder.MostDead is null)
        {
            yield break;
        }

        LineSeries Of(StackName stack, int color) =>
            new(
                stack.Word(),
                [
                    .. Mean(
                            results,
                            stack,
                            sublayer => sublayer.FeedForward?.DeadShare ?? double.NaN,
                            SublayerKind.FeedForward
                        )
                        .Select(point => (point.Place.Layer + 1.0, point.Value)),
                ],
                color
            );
        yield return new LineDrawing(
            DeadUnitsName,
            "Dead feed-forward units",
            "Share of units that ReLU lets through at no position of a few batches.",
            "layer",
            "share of units",
            [Of(StackName.Encoder, EncoderColor), Of(StackName.Decoder, DecoderColor)]
        );
    }

    private static LineDrawing Drift(FirstUpdates updates) =>
        new(
            DriftName,
            "Amplification in action",
            "How far the outputs of a fixed batch have come from those before training, update by update of the "
                + "recipe's own optimizer; 2 is all there is.",
            "update",
            "E |F(x, W_t) - F(x, W_0)|^2",
            [
                new(
                    StackName.Encoder.Word(),
                    [
                        .. updates.Measurements.Select(found =>
                            ((double)found.Update, found.Drift[StackName.Encoder.Word()][^1])
                        ),
                    ],
                    EncoderColor
                ),
                new(
                    StackName.Decoder.Word(),
                    [
                        .. updates.Measurements.Select(found =>
                            ((double)found.Update, found.Drift[StackName.Decoder.Word()][^1])
                        ),
                    ],
                    DecoderColor
                ),
            ]
        )
        {
            LogarithmicY = true,
        };

    private static HistogramDrawing Balance(FirstUpdates updates)
    {
        static IReadOnlyList<HistogramBin> Count(IEnumerable<ParameterNorm> norms) =>
            LogHistogram.Of(ParameterNorms.RelativeToLargest(norms).Select(entry => entry.Relative));
        return new HistogramDrawing(
            BalanceName,
            "Gradients and updates of the matrices",
            "Root mean squares relative to the largest. Gradients differ by orders of magnitude; Adam's updates "
                + "hardly do; the paper's figures 5 and 11.",
            "relative to the largest",
            "matrices",
            [new("gradient", Count(updates.Gradients)), new("update", Count(updates.Changes))]
        );
    }

    private static IEnumerable<PlacedValue> Mean(
        DiagnosisResults results,
        StackName stack,
        Func<SublayerActivity, double> value,
        SublayerKind? kind = null
    ) =>
        results
            .Examinations.SelectMany(found => found.Activity.Sublayers)
            .Where(sublayer =>
                sublayer.Place.Address is { } address
                && address.Stack == stack
                && (kind ?? address.Kind) == address.Kind
            )
            .GroupBy(sublayer => sublayer.Place)
            .Select(place => new PlacedValue(place.Key, place.Average(value)));

    private static LineSeries Line(string name, IReadOnlyList<double> values, int color) =>
        new(name, [.. values.Select((value, i) => (i + 1.0, value))], color);
}
