using System.Text.Json;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Diagnosis.Findings;

/// <summary>What docs/data/prediction.json publishes is what the rule in the code says.</summary>
public sealed class PublishedPredictionTests : IDisposable
{
    private readonly JsonDocument _published = JsonDocument.Parse(
        File.ReadAllBytes(RepositoryRoot.PathOf("docs", "data", "prediction.json"))
    );

    private JsonElement[] Rows => [.. _published.RootElement.GetProperty("rows").EnumerateArray()];

    public void Dispose() => _published.Dispose();

    [Fact]
    public void The_rule_is_the_one_that_was_fitted()
    {
        var rule = _published.RootElement.GetProperty("rule");
        double Number(string name) => rule.GetProperty(name).GetDouble();

        Assert.Equal(
            PredictionRule.Fitted,
            new PredictionRule(
                rule.GetProperty("horizon").GetInt32(),
                Number("postNormLimit"),
                Number("preNormLimit"),
                Number("warmUpPower"),
                Number("similarityPower")
            )
        );
    }

    [Fact]
    public void Every_row_is_what_the_rule_says_of_its_signs()
    {
        Assert.True(Rows.Length > 250);
        Assert.All(
            Rows,
            row =>
            {
                double Number(string name) => row.GetProperty(name).GetDouble();
                var variant = Enum.GetValues<ResidualVariant>()
                    .Single(variant => variant.Key() == row.GetProperty("encoder").GetString());
                var prediction = PredictionRule.Fitted.Predict(
                    new TrainingSigns(
                        Number("firstStep"),
                        Number("peakStep"),
                        Number("amplification"),
                        Number("similarity")
                    ),
                    new StackOptions { Variant = variant }
                );
                Assert.Equal(Number("limit"), prediction.Limit, 1e-9 * prediction.Limit);
                Assert.Equal(
                    (row.GetProperty("trains").GetBoolean(), row.GetProperty("close").GetBoolean()),
                    (prediction.Trains, prediction.Close)
                );
            }
        );
    }

    [Fact]
    public void The_flagship_is_predicted_right_without_hedging()
    {
        var flagship = Rows.Where(row => row.GetProperty("source").GetString() == "compare-18l.yaml").ToList();

        Assert.Equal(9, flagship.Count);
        Assert.All(flagship, row => Assert.False(row.GetProperty("close").GetBoolean()));
        Assert.All(
            flagship,
            row =>
                Assert.Equal(
                    row.GetProperty("encoder").GetString() != "post-ln",
                    row.GetProperty("trains").GetBoolean()
                )
        );
    }

    [Fact]
    public void The_hit_rates_in_the_document_are_those_of_the_rows()
    {
        var document = File.ReadAllText(RepositoryRoot.PathOf("docs", "diagnosis.md"));
        foreach (
            var (source, words) in new[]
            {
                ("fitted", "the half used for fitting"),
                ("tested", "the other half"),
                ("second grid", "a second grid: 4+4 and 9+9 layers, other rates, warm-ups and seed"),
                ("tab2", "study tab2, on real text"),
                ("fig10", "study fig10"),
            }
        )
        {
            var rows = Rows.Where(row => row.GetProperty("source").GetString() == source).ToList();
            bool Is(JsonElement row, string name) => row.GetProperty(name).GetBoolean();
            var hits = rows.Count(row => Is(row, "trains") == Is(row, "trained"));
            var clear = rows.Where(row => !Is(row, "close")).ToList();
            Assert.Contains(
                string.Join(
                    " | ",
                    $"| {words}",
                    rows.Count,
                    rows.Count(row => Is(row, "trained")),
                    FormattableString.Invariant($"{hits} ({(double)hits / rows.Count:0.0 %})"),
                    clear.Count,
                    clear.Count(row => Is(row, "trains") == Is(row, "trained"))
                ),
                document,
                StringComparison.Ordinal
            );
        }
    }
}
