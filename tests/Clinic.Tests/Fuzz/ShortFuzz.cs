using TransformerClinic.Fuzz;

namespace TransformerClinic.Tests.Fuzz;

/// <summary>As much fuzzing as a test may take.</summary>
internal static class ShortFuzz
{
    private const int Executions = 4000;

    /// <summary>Fuzzes a target for a moment.</summary>
    /// <param name="name">The target.</param>
    /// <param name="fewest">Fewer different outcomes than these, and the target is hardly tried.</param>
    /// <param name="most">More, and they hold something of the inputs.</param>
    public static void AssertNothingFound(string name, int fewest, int most)
    {
        using var target = FuzzTargets.Create(name);
        var fuzzer = new Fuzzer(target, seed: 1);

        fuzzer.Run(Executions, TimeSpan.MaxValue / 2);

        Assert.Empty(
            fuzzer.Findings.Select(finding => $"{finding.Defect} with {Convert.ToBase64String(finding.Input)}")
        );
        Assert.Equal(Executions, fuzzer.Executions);
        Assert.True(
            fuzzer.Outcomes.Count >= fewest && fuzzer.Outcomes.Count <= most,
            $"{fuzzer.Outcomes.Count} outcomes:\n{string.Join('\n', fuzzer.Outcomes.Keys)}"
        );
    }
}
