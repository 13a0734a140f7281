using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Tests.Workflows;
using TransformerClinic.Training;
using TransformerClinic.Training.Statistics;

namespace TransformerClinic.Tests.Runs;

[Trait("Speed", "Slow")]
public sealed class SublayerReportTests : IDisposable
{
    private readonly TinyRecipe _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void A_run_logs_every_sublayer_at_the_interval_and_draws_the_last()
    {
        var recipe = _tiny.Recipe with { Training = _tiny.Recipe.Training with { StatisticsEvery = 5 } };

        _tiny.Run(recipe, "run");

        var lines = RunLog.Read(_tiny.PathOf("run/log.jsonl")).Where(line => line.Kind == LogKind.Sublayers).ToList();
        Assert.Equal([5, 10], lines.Select(line => line.Step));
        Assert.All(lines, line => Assert.Equal((2 * 2) + (2 * 3), line.Sublayers!.Count));
        Assert.All(
            lines.SelectMany(line => line.Sublayers!),
            sublayer => Assert.True(sublayer is { GradientNorm: > 0, RelativeUpdate: >= 0, Omega.Min: > 0 })
        );
        Assert.Contains(
            "Measured at update 10.",
            File.ReadAllText(_tiny.PathOf("run/report.html")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_not_finite_has_no_scalar_and_is_null_in_the_log()
    {
        SublayerStatistics[] sublayers =
        [
            new(
                new SublayerAddress(StackName.Encoder, 2, SublayerKind.FeedForward),
                0.5,
                null,
                new OmegaSpread(1, 0.5, 2)
            ),
            new(new SublayerAddress(StackName.Decoder, 0, SublayerKind.CrossAttention), 0.25, 1e-3, null),
        ];

        Assert.Equal(
            [
                ("gradient norm/encoder layer 3, feed-forward", 0.5),
                ("omega mean/encoder layer 3, feed-forward", 1),
                ("omega min/encoder layer 3, feed-forward", 0.5),
                ("omega max/encoder layer 3, feed-forward", 2),
                ("gradient norm/decoder layer 1, cross-attention", 0.25),
                ("relative update/decoder layer 1, cross-attention", 1e-3),
            ],
            SublayerReport.Scalars(sublayers)
        );
        var line = Json.Line(SublayerReport.Line(7, sublayers, new TrainingState()));
        Assert.StartsWith(
            "{\"kind\":\"sublayers\",\"step\":7,\"sublayers\":[{\"stack\":\"encoder\",\"layer\":3,"
                + "\"sublayer\":\"feed-forward\",\"gradientNorm\":0.5,\"relativeUpdate\":null,",
            line,
            StringComparison.Ordinal
        );
        Assert.Equal(sublayers, Json.FromLine<LogEntry>(line)!.Sublayers);
    }
}
