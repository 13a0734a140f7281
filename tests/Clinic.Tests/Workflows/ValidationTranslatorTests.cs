using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Training.Divergence;

namespace TransformerClinic.Tests.Workflows;

/// <summary>Sentences of the validation set that are translated while a model trains.</summary>
[Trait("Speed", "Slow")]
public sealed class ValidationTranslatorTests : IDisposable
{
    private readonly TinyRecipe _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void Translating_at_validations_changes_no_bit_of_the_training(double average)
    {
        var recipe = With(0) with { Training = With(0).Training with { Ema = average } };
        _tiny.Run(recipe, "without");
        _tiny.Run(recipe with { Training = recipe.Training with { ValidationTranslations = 3 } }, "with");

        Assert.False(File.Exists(_tiny.PathOf("without/validation.json")));
        Assert.Equal(BytesOf("without/model/model.safetensors"), BytesOf("with/model/model.safetensors"));
        Assert.Equal(
            RunLog.Read(_tiny.PathOf("without/log.jsonl")).Select(line => (line.Step, line.Kind, line.Nll)),
            RunLog.Read(_tiny.PathOf("with/log.jsonl")).Select(line => (line.Step, line.Kind, line.Nll))
        );
    }

    [Fact]
    public void Every_validation_has_a_translation_of_the_same_sentences()
    {
        _tiny.Run(With(3), "run");

        var found = Read("run");
        var valid = File.ReadAllLines(_tiny.PathOf("valid.tsv"));
        Assert.Equal(3, found.Sentences.Count);
        Assert.All(found.Sentences, sentence => Assert.Contains($"{sentence.Source}\t{sentence.Reference}", valid));
        Assert.Equal(
            RunLog
                .Read(_tiny.PathOf("run/log.jsonl"))
                .Where(line => line.Kind == LogKind.Valid)
                .Select(line => line.Step)
                .Distinct(),
            found.Validations.Select(validation => validation.Step)
        );
        Assert.All(found.Validations, validation => Assert.Equal(3, validation.Translations.Count));
        Assert.Contains(found.Validations, validation => validation.Translations.Any(text => text.Length > 0));
    }

    [Fact]
    public void A_run_that_was_stopped_and_resumed_has_translated_the_same()
    {
        _tiny.Run(With(3), "whole");
        _tiny.Run(With(3), "cut", 6);

        Assert.Equal(
            File.ReadAllText(_tiny.PathOf("whole/validation.json")),
            File.ReadAllText(_tiny.PathOf("cut/validation.json"))
        );
    }

    [Fact]
    public void A_rollback_takes_away_what_it_undid()
    {
        var recipe = With(2);
        recipe = recipe with
        {
            Training = recipe.Training with
            {
                MaxUpdates = 28,
                CheckpointEvery = 5,
                ValidateEvery = 2,
                LogEvery = 1,
                Divergence = new()
                {
                    Policy = DivergencePolicy.Rollback,
                    Jumps = JumpHandling.Treat,
                    Window = 10,
                    Spread = 0.3,
                    Rollbacks = 1000,
                },
            },
        };
        _tiny.Run(recipe, "run");

        var log = RunLog.Read(_tiny.PathOf("run/log.jsonl"));
        Assert.Contains(log, line => line.Kind == LogKind.Rollback);
        Assert.Equal(
            log.Where(line => line.Kind == LogKind.Valid).Select(line => line.Step).Distinct(),
            Read("run").Validations.Select(validation => validation.Step)
        );
    }

    private Recipe With(int sentences) =>
        _tiny.Recipe with
        {
            Training = _tiny.Recipe.Training with { ValidationTranslations = sentences },
        };

    private byte[] BytesOf(string name) => File.ReadAllBytes(_tiny.PathOf(name));

    private ValidationTranslations Read(string run) =>
        Json.Read<ValidationTranslations>(_tiny.PathOf($"{run}/{ValidationTranslations.FileName}"));
}
