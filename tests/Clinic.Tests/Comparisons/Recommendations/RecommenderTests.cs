using TransformerClinic.Comparisons.Recommendations;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Comparisons.Recommendations;

public class RecommenderTests
{
    private static readonly TrainingSituation Near = new("near", 18, 18, 64, 30_000, 600_000);

    private static readonly Evidence Deep = new(
        "deep.json",
        MadeUpRun.Comparison(
            MadeUpRun.Of(ResidualVariant.PostLn, 6.2, RunOutcome.Stuck, seed: 1),
            MadeUpRun.Of(ResidualVariant.PostLn, 6.3, RunOutcome.Stuck, seed: 2),
            MadeUpRun.Of(ResidualVariant.Admin, 1.87, seed: 1, rate: 2e-3),
            MadeUpRun.Of(ResidualVariant.Admin, 1.90, seed: 2, rate: 2e-3)
        )
    );

    private static Recommendation For(TrainingSituation situation, params Evidence[] evidence) =>
        new Recommender(evidence).For(situation);

    [Fact]
    public void The_best_of_the_nearest_comparison_is_recommended_with_its_settings()
    {
        var found = For(Near, Deep);

        Assert.Equal("admin", found.Remedy);
        Assert.Equal(
            ["model.encoder.variant=admin", "model.decoder.variant=admin", "training.schedule.learningRate=0.002"],
            found.Settings
        );
        Assert.StartsWith("Admin for 18+18 layers: it reached the lowest", found.Headline, StringComparison.Ordinal);
        Assert.Contains(found.Findings, line => line.Contains("Post-LN failed", StringComparison.Ordinal));
        Assert.Equal(
            ["4 runs of made-up (18+18 layers, dim 64, de-en, 27,000 pairs, 500,000 target tokens each): deep.json"],
            found.Evidence
        );
    }

    [Theory]
    [InlineData(100, 100, 600_000, 30_000, "no run of ours has about 100+100 layers; the nearest have 18+18")]
    [InlineData(18, 6, 600_000, 30_000, "no run of ours has about 18+6 layers")]
    [InlineData(18, 18, 50_000_000, 30_000, "trained on about 50.0 million target tokens")]
    [InlineData(18, 18, 600_000, 4_500_000, "had about 4,500,000 training pairs; the nearest had 27,000")]
    public void What_no_run_supports_is_not_claimed(int encoder, int decoder, long tokens, long pairs, string why)
    {
        var found = For(new TrainingSituation("far", encoder, decoder, 64, pairs, tokens), Deep);

        Assert.Null(found.Remedy);
        Assert.Empty(found.Settings);
        Assert.Contains(why, found.Headline, StringComparison.Ordinal);
        Assert.StartsWith("No remedy is recommended", found.Headline, StringComparison.Ordinal);
        Assert.Single(found.Evidence);
    }

    [Fact]
    public void Without_evidence_or_without_a_run_that_trains_there_is_no_remedy()
    {
        Assert.Contains("no run is given", For(Near).Headline, StringComparison.Ordinal);
        var failed = new Evidence(
            "failed.json",
            MadeUpRun.Comparison(MadeUpRun.Of(ResidualVariant.PostLn, 6.2, RunOutcome.Stuck))
        );
        Assert.Null(For(Near, failed).Remedy);
        Assert.Contains("trained without a failure", For(Near, failed).Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void The_nearest_of_several_decides()
    {
        var shallow = Deep with
        {
            Source = "shallow.json",
            Results = MadeUpRun.Comparison(MadeUpRun.Of(ResidualVariant.PreLn, 1.5)) with
            {
                Setting = Deep.Results.Setting with { EncoderLayers = 14, DecoderLayers = 14 },
            },
        };

        Assert.Equal("admin", For(Near, shallow, Deep).Remedy);
        Assert.Equal("pre-ln", For(Near with { EncoderLayers = 13, DecoderLayers = 13 }, Deep, shallow).Remedy);
        Assert.Equal(2, For(Near, shallow, Deep).Evidence.Count);
    }

    [Fact]
    public void Limits_of_the_evidence_are_said()
    {
        var found = For(Near with { Dim = 512, TargetTokens = null, TrainingPairs = null }, Deep);

        Assert.Equal("admin", found.Remedy);
        foreach (
            var part in new[]
            {
                "tried another learning rate",
                "has a width near 512; these have 64",
                "decided by the clock",
                "is not known",
                "of other languages than de-en",
                "keel",
            }
        )
        {
            Assert.Contains(found.Unsupported, line => line.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_projects_own_comparisons_come_with_the_program()
    {
        var own = Evidence.Own();

        Assert.Contains(own, one => one.Source == "docs/data/evidence/compare-18l.json");
        Assert.All(
            own,
            one =>
            {
                Assert.True(one.Results.Complete);
                Assert.True(File.Exists(RepositoryRoot.PathOf(one.Source.Split('/'))));
            }
        );
        Assert.Equal(Directory.GetFiles(RepositoryRoot.PathOf("docs", "data", "evidence"), "*.json").Length, own.Count);
    }
}
