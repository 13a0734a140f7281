using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public class VerifyCommandTests
{
    private static readonly string Recorded = RepositoryRoot.PathOf("tests", "Clinic.Tests", "Golden");

    [Fact]
    public void Every_quantity_is_one_line_and_the_totals_come_last()
    {
        var result = ClinicProcess.Run("verify", Recorded, "--only", "model/positions");

        Assert.True(result.ExitCode == 0, result.Error);
        var lines = result.Output.TrimEnd().Split('\n').Select(line => line.TrimEnd()).ToArray();
        Assert.Equal(3, lines.Length);
        Assert.Equal(
            ["verdict", "quantity", "absolute", "relative", "tolerance", "detail"],
            lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.StartsWith("holds    model/positions", lines[1], StringComparison.Ordinal);
        Assert.Equal("1 hold, 0 fail, 0 not yet, 0 not compared", lines[2]);
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public void A_quantity_that_does_not_hold_gives_exit_code_1_and_the_count()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "admin_torch.json",
            File.ReadAllText(Path.Combine(Recorded, "admin_torch.json"))
                .Replace("0.31345248222351074", "0.41345248222351074", StringComparison.Ordinal)
        );

        var result = InProcess.Run("verify", folder.FullName, "--json");

        Assert.Equal(1, result.ExitCode);
        using var report = JsonDocument.Parse(result.Output);
        Assert.Equal(1, report.RootElement.GetProperty("fail").GetInt32());
        Assert.Contains(
            report.RootElement.GetProperty("quantities").EnumerateArray(),
            quantity =>
                quantity.GetProperty("name").GetString() == "admin_torch/modules/output"
                && quantity.GetProperty("verdict").GetString() == "fails"
        );
        Assert.Contains("1 quantity does not hold", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        using var folder = new TemporaryFolder();
        folder.Write("metrics/metrics.json", "{");

        AssertMistake(InProcess.Run("verify", folder.PathOf("nothing")), "no such folder");
        AssertMistake(InProcess.Run("verify", folder.FullName), "metrics.json");
        AssertMistake(InProcess.Run("verify", Recorded, "--only", "modell"), "modell");
        AssertMistake(InProcess.Run("verify"), "missing");
    }

    private static void AssertMistake(ClinicResult result, string expected)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }
}
