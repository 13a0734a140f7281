using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public class ReproduceCommandTests
{
    [Fact]
    public void Studies_are_listed_with_their_claims()
    {
        var table = ClinicProcess.Run("reproduce", "list");
        var json = InProcess.Run("reproduce", "list", "--json");

        Assert.Equal((0, 0), (table.ExitCode, json.ExitCode));
        using var studies = JsonDocument.Parse(json.Output);
        Assert.True(studies.RootElement.GetArrayLength() >= 12);
        Assert.All(
            studies.RootElement.EnumerateArray(),
            study => Assert.Contains(study.GetProperty("id").GetString()!, table.Output, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("Did you mean fig4?", "fig44")]
    [InlineData("There is no study 'list'", "fig4", "list")]
    [InlineData("'weeks'", "fig4", "--budget", "weeks")]
    [InlineData("--threads is from 0", "fig4", "--threads", "-1")]
    [InlineData("device: cuda is not available here", "fig4", "--device", "cuda")]
    [InlineData("there is no study result", "document", "--output", "no-output", "--docs", "no-docs")]
    public void Mistakes_are_reported(string message, params string[] arguments)
    {
        var result = InProcess.Run(["reproduce", .. arguments]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
