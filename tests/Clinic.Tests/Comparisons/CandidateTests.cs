using TransformerClinic.Common;
using TransformerClinic.Comparisons;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using TransformerClinic.Training;

namespace TransformerClinic.Tests.Comparisons;

public class CandidateTests
{
    [Fact]
    public void Settings_of_a_stack_are_put_into_both()
    {
        var candidate = Assert.Single(
            Candidate.ParseList("b2t+initialization=xavier+training.optimizer.name=adam", "list")
        );
        var recipe = candidate.PutInto(new Recipe { Seed = 7 });

        Assert.Equal(ResidualVariant.B2t, recipe.Model.Encoder.Variant);
        Assert.Equal(recipe.Model.Encoder, recipe.Model.Decoder);
        Assert.Equal(InitialWeights.Xavier, recipe.Model.Decoder.Initialization);
        Assert.Equal(OptimizerName.Adam, recipe.Training.Optimizer.Name);
        Assert.Equal(7, recipe.Seed);
        Assert.Equal("b2t+initialization=xavier+training.optimizer.name=adam", candidate.Key);
        Assert.Equal("B2T (initialization xavier, training.optimizer.name adam)", candidate.Name);
    }

    [Fact]
    public void All_is_every_variant_and_none_comes_twice()
    {
        var all = Candidate.ParseList("admin,all, post-ln+norm=rms-norm", "list");

        Assert.Equal(Enum.GetValues<ResidualVariant>().Length + 1, all.Count);
        Assert.Equal("admin", all[0].Key);
        Assert.Equal(all.Count, all.DistinctBy(candidate => candidate.Key).Count());
    }

    [Theory]
    [InlineData("admn", "model.encoder.variant is 'admn'")]
    [InlineData("admin+norm=rms", "model.encoder.norm is 'rms'; it must be one of layer-norm")]
    [InlineData("admin+norm", "'norm' is not a setting; after + comes key=value")]
    [InlineData("admin+seed=3", "seed cannot differ between candidates")]
    [InlineData("admin+data.train=x", "data.train cannot differ between candidates")]
    [InlineData("admin+variant=keel", "variant cannot differ between candidates")]
    [InlineData("admin+training.optimiser.name=adam", "there is no key training.optimiser.name")]
    public void Mistakes_are_named(string list, string expected) =>
        Assert.StartsWith(
            $"list: {expected}",
            Assert.Throws<UserErrorException>(() => Candidate.ParseList(list, "list")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_comparison_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("comparison.json");
        var written = MadeUpRun.Comparison(MadeUpRun.Of(ResidualVariant.TFixup, 2.5));
        Json.Write(path, written);

        var read = ComparisonResults.Read(path);

        Assert.Equal(Json.Text(written), Json.Text(read));
        Assert.Equal("t-fixup", Assert.Single(read.Candidates).Key);
        Json.Write(path, written with { Format = 1 });
        Assert.Contains(
            "format 1, and this version reads format 2",
            Assert.Throws<UserErrorException>(() => ComparisonResults.Read(path)).Message,
            StringComparison.Ordinal
        );
    }
}
