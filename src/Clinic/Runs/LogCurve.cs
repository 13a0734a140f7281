using TransformerClinic.Diagnosis.Findings;

namespace TransformerClinic.Runs;

/// <summary>The learning curve in the lines of a log.</summary>
internal static class LogCurve
{
    /// <summary>The losses of the lines, in their order; a loss that is not finite is NaN.</summary>
    public static LearningCurve Of(IReadOnlyList<LogEntry> entries) =>
        new()
        {
            Train =
            [
                .. entries
                    .Where(entry => entry.Kind == LogKind.Train)
                    .Select(entry => new TrainPoint
                    {
                        Step = entry.Step,
                        Loss = entry.Loss ?? double.NaN,
                        Nll = entry.Nll ?? double.NaN,
                        LearningRate = entry.LearningRate!.Value,
                        GradientNorm = entry.GradientNorm ?? double.NaN,
                        TokensPerSecond = entry.TokensPerSecond ?? 0,
                        Seconds = entry.Seconds,
                    }),
            ],
            Valid =
            [
                .. entries
                    .Where(entry => entry.Kind == LogKind.Valid)
                    .Select(entry => new ValidPoint(entry.Step, entry.Loss ?? double.NaN, entry.Nll ?? double.NaN)),
            ],
        };
}
