using System.Text.RegularExpressions;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// A computer's clock may jump, back too. Time that decides anything, such as the end of a training, is counted by a
/// stopwatch; the time of day is only ever written down, in the places named here.
/// </summary>
public partial class ClockTests
{
    private static readonly string[] MayTellTheTimeOfDay =
    [
        "src/Clinic/Interop/TensorBoard/TensorBoardEvents.cs",
        "src/Clinic/Interop/Torch/TorchFileWriter.cs",
        "src/Clinic/Runs/LockHolder.cs",
    ];

    [Fact]
    public void Nothing_depends_on_the_time_of_day()
    {
        var files = SourceFile.Below(["src"], ".cs");
        var telling = files
            .Where(file => file.Code.Any(line => TimeOfDay().IsMatch(line)))
            .Select(file => file.Path)
            .ToList();

        Assert.Equal(MayTellTheTimeOfDay, telling);
        Assert.Contains(
            files.Single(file => file.Name == "Trainer").Code,
            line => line.Contains("Stopwatch", StringComparison.Ordinal)
        );
    }

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset|GetUtcNow|GetLocalNow|TickCount|TickCount64)\b")]
    private static partial Regex TimeOfDay();
}
