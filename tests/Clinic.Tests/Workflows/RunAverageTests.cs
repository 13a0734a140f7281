using TransformerClinic.Files;
using TransformerClinic.Runs;
using TransformerClinic.Workflows;

namespace TransformerClinic.Tests.Workflows;

[Trait("Speed", "Slow")]
public sealed class RunAverageTests : IDisposable
{
    private readonly TinyRecipe _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void A_runs_model_averaged_in_memory_is_the_one_that_averaging_its_checkpoints_writes(double ema)
    {
        var recipe = _tiny.Recipe with { Training = _tiny.Recipe.Training with { Ema = ema } };
        _tiny.Run(recipe, "run");

        var averaged = RunAverage.Write(_tiny.PathOf("run"), last: null, _tiny.PathOf("averaged"));

        Assert.Equal(3, averaged.Folders.Count);
        Assert.All(
            (string[])["model.safetensors", "config.json", "subwords.json"],
            file =>
                Assert.Equal(
                    ContentHash.OfFile(_tiny.PathOf($"averaged/{file}")),
                    ContentHash.OfFile(_tiny.PathOf($"run/model/{file}"))
                )
        );
    }

    [Fact]
    public void The_validation_in_the_results_is_of_the_averaged_model()
    {
        _tiny.Run(_tiny.Recipe, "three");
        _tiny.Run(_tiny.Recipe with { Training = _tiny.Recipe.Training with { Average = 1 } }, "one");

        Assert.NotEqual(Perplexity("three"), Perplexity("one"));
    }

    private double? Perplexity(string run) =>
        Json.Read<RunResults>(_tiny.PathOf($"{run}/{RunFolder.ResultsName}")).ValidationPerplexity;
}
