using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Workflows.FineTuning;

/// <summary>
/// Runs that begin from a trained model: what they take over, what they begin from the start, and what the run folder
/// says of it.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class FineTuningTests(TrainedTinyRecipe trained) : IDisposable
{
    private readonly TunedRecipe _tuned = new(trained);

    public void Dispose() => _tuned.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void Before_the_first_update_it_is_the_model_that_it_began_from(double ema)
    {
        var recipe = _tuned.Recipe with { Training = _tuned.Recipe.Training with { Ema = ema } };

        var (_, said) = _tuned.Run(recipe, "tuned");

        var first = RunLog.Read(_tuned.PathOf("tuned/log.jsonl"))[0];
        var trained = Json.Read<RunResults>(_tuned.PathOf("base/results.json"));
        Assert.Equal((LogKind.Valid, 0L, trained.ValidationLoss), (first.Kind, first.Step, first.Loss));
        Assert.Contains(
            said,
            line => line.StartsWith("before the first update: validation loss ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Omegas_are_kept_as_trained_and_not_profiled_again()
    {
        var still = _tuned.Recipe with
        {
            Training = _tuned.Recipe.Training with
            {
                MaxUpdates = 1,
                Average = 1,
                Optimizer = new OptimizerOptions { Name = OptimizerName.Sgd },
                Schedule = new ScheduleOptions
                {
                    LearningRate = 1e-30,
                    WarmUpFrom = 0,
                    WarmUpUpdates = 1,
                },
            },
        };

        var (_, said) = _tuned.Run(still, "tuned");

        Assert.DoesNotContain(said, line => line.StartsWith("Admin: profiled", StringComparison.Ordinal));
        Assert.Contains(
            said,
            line => line.EndsWith("Admin's omegas are as trained and not profiled again", StringComparison.Ordinal)
        );
        Assert.Equal(
            File.ReadAllBytes(_tuned.PathOf("base/model/model.safetensors")),
            File.ReadAllBytes(_tuned.PathOf("tuned/model/model.safetensors"))
        );
        var (before, after) = (ConfigOf("base"), ConfigOf("tuned"));
        Assert.NotNull(before.Profile);
        Assert.Equal(Json.Text(before.Profile), Json.Text(after.Profile));
    }

    [Fact]
    public void The_same_command_gives_the_same_bytes_and_another_seed_others()
    {
        var first = _tuned.Run(_tuned.Recipe, "first").Left;

        Assert.Null(RunFingerprint.Difference(first, _tuned.Run(_tuned.Recipe, "second").Left));
        Assert.NotNull(RunFingerprint.Difference(first, _tuned.Run(_tuned.Recipe with { Seed = 6 }, "third").Left));
    }

    [Theory]
    [InlineData("base/model", "base/model")]
    [InlineData("base/checkpoints/update-000009", "base/checkpoints/update-000009")]
    [InlineData("moved", "moved")]
    public void It_begins_from_a_model_folder_in_a_run_or_alone_and_from_a_checkpoint(string model, string name)
    {
        FolderCopy.Make(_tuned.PathOf("base/model"), _tuned.PathOf("moved"));

        _tuned.Run(_tuned.From(model), "tuned");

        var weights = Path.Combine(_tuned.PathOf(model), "model.safetensors");
        var record = BaseModelRecord.In(_tuned.PathOf("tuned"))!;
        Assert.Equal(
            (name, _tuned.PathOf(model), ContentHash.OfFile(weights)),
            (record.Name, record.Path, record.Sha256)
        );
        var known = name.StartsWith("base/", StringComparison.Ordinal);
        Assert.Equal(known ? "tiny" : null, record.Recipe);
        Assert.Equal(
            !known ? null
                : name.EndsWith("model", StringComparison.Ordinal) ? TinyRecipe.Updates
                : 9L,
            record.Updates
        );
    }

    [Fact]
    public void The_run_folder_its_results_and_its_page_say_what_it_began_from()
    {
        _tuned.Run(_tuned.Recipe, "tuned");

        var record = Json.Read<BaseModelRecord>(_tuned.PathOf("tuned/from.json"));
        var line = $"base/model (SHA-256 {record.Sha256[..12]}, recipe tiny, 13 updates)";
        Assert.Equal(line, record.Line());
        var results = Json.Read<RunResults>(_tuned.PathOf("tuned/results.json"));
        Assert.Equal(line, results.From);
        Assert.Contains("fine-tuned from base/model, ", results.Verdict, StringComparison.Ordinal);
        Assert.Contains($"it began from {line}\n", RunSummary.Text(results, "tuned"), StringComparison.Ordinal);
        Assert.Contains(
            $"It began from {line}.",
            File.ReadAllText(_tuned.PathOf("tuned/report.html")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Profiled before base/model, which this run began from, was trained: on one batch",
            File.ReadAllText(_tuned.PathOf("tuned/report.html")),
            StringComparison.Ordinal
        );
        Assert.Null(Json.Read<RunResults>(_tuned.PathOf("base/results.json")).From);
        Assert.False(File.Exists(_tuned.PathOf("base/from.json")));
    }

    [Fact]
    public void Subwords_are_the_models_and_the_kept_recipe_and_a_line_say_so()
    {
        var (_, said) = _tuned.Run(
            _tuned.Recipe with
            {
                Subwords = new() { Merges = 7, Normalization = Normalization.Nfkc },
            },
            "tuned"
        );

        Assert.Contains(
            "the subwords are the model's: subwords.merges is 30, not the recipe's 7; subwords.normalization is "
                + "nfc, not the recipe's nfkc",
            said
        );
        Assert.Equal(_tuned.Base.Subwords, RecipeReader.Read(_tuned.PathOf("tuned/recipe.yaml"), []).Subwords);
        Assert.Equal(
            File.ReadAllBytes(_tuned.PathOf("base/subwords.json")),
            File.ReadAllBytes(_tuned.PathOf("tuned/subwords.json"))
        );
        Assert.DoesNotContain(
            _tuned.Run(_tuned.Recipe, "same").Said,
            line => line.StartsWith("the subwords", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Patience_counts_from_the_model_that_it_began_from()
    {
        var recipe = _tuned.Recipe with
        {
            Training = _tuned.Recipe.Training with
            {
                ValidateEvery = 2,
                Patience = 2,
                Schedule = new ScheduleOptions
                {
                    LearningRate = 1e-30,
                    WarmUpFrom = 0,
                    WarmUpUpdates = 1,
                },
                Optimizer = new OptimizerOptions { Name = OptimizerName.Sgd },
            },
        };

        _tuned.Run(recipe, "tuned");

        var results = Json.Read<RunResults>(_tuned.PathOf("tuned/results.json"));
        Assert.Equal((TrainingEnd.NoImprovement, 4L), (results.End, results.Updates));
    }

    [Fact]
    public void Dropout_smoothing_precision_and_longest_sequence_may_be_others()
    {
        var recipe = _tuned.Recipe with
        {
            Model = _tuned.Base.Model with
            {
                Dropout = 0.3,
                AttentionDropout = 0,
                ActivationDropout = 0.2,
                MaxPositions = 300,
            },
            Training = _tuned.Recipe.Training with { LabelSmoothing = 0, Precision = Precision.Fp32, ClipNorm = 0 },
        };

        _tuned.Run(recipe, "tuned");

        Assert.Equal(300, ConfigOf("tuned").Model.MaxPositions);
    }

    private ModelConfig ConfigOf(string run) => Json.Read<ModelConfig>(_tuned.PathOf($"{run}/model/config.json"));
}
