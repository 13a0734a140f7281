using System.Globalization;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Training;

namespace TransformerClinic.Runs;

/// <summary>
/// What an examination during training found, as a line of the log, as TensorBoard's scalars, and in a few words.
/// </summary>
internal static class DiagnosisReport
{
    /// <summary>The line of the log.</summary>
    public static LogEntry Line(long update, IReadOnlyList<StackDiagnosis> stacks, TrainingState state) =>
        new()
        {
            Kind = LogKind.Diagnosis,
            Step = update,
            Diagnosis = stacks,
            Seconds = state.Seconds,
        };

    /// <summary>
    /// Tags such as <c>diagnosis/encoder output change</c> with their values; what is not finite has none.
    /// </summary>
    public static (string Tag, double Value)[] Scalars(IReadOnlyList<StackDiagnosis> stacks) =>
        [
            .. from stack in stacks
            from value in Values(stack)
            where value.Value is not null
            select ($"diagnosis/{stack.Stack.Word()} {value.Name}", value.Value!.Value),
        ];

    /// <summary>For whoever looks on.</summary>
    public static string Words(long update, IReadOnlyList<StackDiagnosis> stacks) =>
        string.Create(CultureInfo.InvariantCulture, $"update {update}: {string.Join("; ", stacks.Select(Words))}");

    private static string Words(StackDiagnosis stack) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{stack.Stack.Word()} leans {stack.Lean:0.00} on its newest branches, output change "
                + $"{stack.OutputChange:g2}"
        );

    private static (string Name, double? Value)[] Values(StackDiagnosis stack) =>
        [
            ("lean, lower half", stack.LeanLower),
            ("lean, upper half", stack.LeanUpper),
            ("output change", stack.OutputChange),
            ("gradient kept", stack.GradientKept),
            ("lowest entropy", stack.LowestEntropy),
            ("most dead units", stack.MostDead),
        ];
}
