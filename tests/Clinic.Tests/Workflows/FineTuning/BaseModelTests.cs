using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Workflows.FineTuning;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Workflows.FineTuning;

public sealed class BaseModelTests : IDisposable
{
    private static readonly SubwordModel Subwords = SubwordModel.Learn(
        ["one two three", "two three"],
        new SubwordOptions { Merges = 4 }
    );

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ResidualVariant.Admin)]
    [InlineData(ResidualVariant.Rezero)]
    [InlineData(ResidualVariant.DeepNorm)]
    public void Every_weight_is_taken_over_bit_by_bit(ResidualVariant variant)
    {
        var options = SmallModel.Options(variant);
        using var trained = Save(options);

        using var begun = Find(options).Load(options with { Dropout = 0.5 });

        Assert.Equal(0.5, begun.Options.Dropout);
        Assert.Equal(Weights(trained), Weights(begun));
    }

    [Fact]
    public void A_first_omega_that_is_trained_from_now_on_begins_where_it_was_frozen()
    {
        var frozen = SmallModel.Options();
        var trainable = frozen with { Encoder = frozen.Encoder with { FirstOmega = FirstOmega.Trainable } };
        using var trained = Save(frozen);

        using var begun = Find(trainable).Load(trainable);

        Assert.All(
            begun.Encoder.Residuals.OfType<AdminResidual>().First().ShortcutScale(),
            scale => Assert.Equal(1, scale)
        );
        var weights = Weights(begun);
        var added = Assert.Single(weights.Keys.Except(Weights(trained).Keys));
        Assert.EndsWith("omega", added, StringComparison.Ordinal);
        Assert.All(Weights(trained), weight => Assert.Equal(weight.Value, weights[weight.Key]));
    }

    [Fact]
    public void A_model_of_another_shape_is_refused_with_key_both_values_and_remedy()
    {
        using var trained = Save(SmallModel.Options());

        var message = Mistake(
            SmallModel.Options() with
            {
                Dim = 32,
                Encoder = new StackOptions { Layers = 3 },
            }
        );

        Assert.Equal(
            "training.from: trained does not fit the recipe: model.encoder.layers is 2 in the model and 3 in the "
                + "recipe; model.dim is 16 in the model and 32 in the recipe. Give these keys the model's values, "
                + "or leave training.from empty to begin from initial weights.",
            message
        );
    }

    [Fact]
    public void Where_there_is_no_model_the_key_and_where_paths_start_are_named()
    {
        var message = Mistake(SmallModel.Options());

        Assert.StartsWith(
            $"training.from: {_folder.PathOf("trained")}: there is no model here.",
            message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "A relative path starts at the recipe's folder, on the command line, too.",
            message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Weights_that_are_missing_or_have_changed_since_they_were_found_are_refused()
    {
        var options = SmallModel.Options();
        Save(options).Dispose();
        var found = Find(options);
        Save(options, add: 0.25f).Dispose();
        var weights = _folder.PathOf("trained/model.safetensors");

        Assert.Equal(
            $"training.from: {weights} has changed while training was being prepared. Begin in a new run folder.",
            Assert.Throws<UserErrorException>(() => found.Load(options)).Message
        );
        File.Delete(weights);
        Assert.Contains(
            $"there is no file {weights}",
            Assert.Throws<UserErrorException>(() => found.Load(options)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains($"there is no file {weights}", Mistake(options), StringComparison.Ordinal);
    }

    private BaseModel Find(ModelOptions options) => BaseModel.Find(RecipeOf(options));

    private string Mistake(ModelOptions options) => Assert.Throws<UserErrorException>(() => Find(options)).Message;

    private Recipe RecipeOf(ModelOptions options) =>
        new()
        {
            Model = options,
            Training = new() { From = _folder.PathOf("trained") },
        };

    private Transformer Save(ModelOptions options, float add = 0.125f)
    {
        var model = new Transformer(options, Subwords.Vocabulary.Count, Vocabulary.Pad, seed: 77);
        using (no_grad())
        {
            foreach (var (_, parameter) in model.named_parameters())
            {
                parameter.add_(add);
            }
        }

        var config = ModelConfig.Of(RecipeOf(options), Subwords.Vocabulary.Count, profile: null);
        TrainedModel.Save(_folder.PathOf("trained"), config, Subwords, stream => ModuleWeights.Write(stream, model));
        return model;
    }

    private static Dictionary<string, string> Weights(Transformer model) =>
        model
            .named_parameters()
            .ToDictionary(
                entry => entry.name,
                entry => ContentHash.Of(entry.parameter.detach().contiguous().bytes),
                StringComparer.Ordinal
            );
}
