using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

public class RecommendCommandTests
{
    private static string Recipe(string name) => RepositoryRoot.PathOf("recipes", $"{name}.yaml");

    [Fact]
    public void A_remedy_is_recommended_with_the_runs_that_it_rests_on()
    {
        var result = InProcess.Run("recommend", Recipe("compare-18l"));

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains(
            "for 18+18 layers: it reached the lowest validation loss",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("--set model.encoder.variant=", result.Output, StringComparison.Ordinal);
        Assert.Contains("docs/data/evidence/compare-18l.json", result.Output, StringComparison.Ordinal);
        Assert.Contains("What no run supports:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_run_supports_ends_with_1_and_says_why()
    {
        var result = InProcess.Run("recommend", Recipe("wmt14-en-de-100l"), "--json");

        Assert.Equal(1, result.ExitCode);
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("remedy").ValueKind);
        Assert.Contains(
            "no run of ours has about 100+100 layers",
            json.RootElement.GetProperty("headline").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Evidence_that_is_no_comparison_is_a_mistake()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("comparison.json", "{}");

        var result = InProcess.Run("recommend", Recipe("compare-18l"), "--evidence", file);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("this is not a complete ComparisonResults in JSON", result.Error, StringComparison.Ordinal);
    }
}
