using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Recipes;

public sealed class ShippedRecipesTests
{
    private static readonly string Folder = RepositoryRoot.PathOf("recipes");

    public static TheoryData<string> All =>
        [.. Directory.GetFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_recipe_has_the_name_of_its_file(string file) =>
        Assert.Equal(Path.GetFileNameWithoutExtension(file), Read(file).Name);

    [Theory]
    [MemberData(nameof(All))]
    public void A_recipe_sets_every_key_and_explains_it_on_its_line(string file)
    {
        var path = Path.Combine(Folder, file);
        var lines = File.ReadAllLines(path);
        var set = new List<string>();

        Walk(RecipeYaml.Load(path), "");

        Assert.Equal(
            RecipeSchema.Keys.Select(key => key.Path).Order(StringComparer.Ordinal),
            set.Order(StringComparer.Ordinal)
        );

        void Walk(YamlDotNet.RepresentationModel.YamlMappingNode section, string prefix)
        {
            foreach (var (name, node) in section.Children)
            {
                Assert.Matches(@"^\s*\w+:( .*)? # \S", lines[name.Start.Line - 1]);
                if (node is YamlDotNet.RepresentationModel.YamlMappingNode inner)
                {
                    Walk(inner, $"{prefix}{name}.");
                }
                else
                {
                    set.Add($"{prefix}{name}");
                }
            }
        }
    }

    [Theory]
    [InlineData("iwslt14-de-en-6l", 6, 6, 4_096, 7e-4, 6_000, 100_000)]
    [InlineData("wmt14-en-de-6l", 6, 6, 32_768, 1e-3, 8_000, 500_000)]
    [InlineData("wmt14-en-de-12l", 12, 12, 32_768, 1e-3, 8_000, 500_000)]
    [InlineData("wmt14-en-de-18l", 18, 18, 32_768, 1e-3, 8_000, 500_000)]
    [InlineData("wmt14-en-de-100l", 100, 100, 32_768, 1e-3, 8_000, 500_000)]
    [InlineData("wmt14-en-fr-6l", 6, 6, 640_000, 7e-4, 8_000, 100_000)]
    [InlineData("wmt14-en-fr-60l-12l", 60, 12, 1_280_000, 7e-4, 8_000, 50_000)]
    public void The_papers_recipes_train_as_the_paper_does(
        string name,
        int encoder,
        int decoder,
        int tokensPerUpdate,
        double learningRate,
        int warmUp,
        int updates
    )
    {
        var (model, training) = (Read(name + ".yaml").Model, Read(name + ".yaml").Training);

        Assert.Equal(
            new StackOptions
            {
                Layers = encoder,
                Variant = ResidualVariant.Admin,
                FirstOmega = FirstOmega.Trainable,
            },
            model.Encoder
        );
        Assert.Equal(
            new StackOptions
            {
                Layers = decoder,
                Variant = ResidualVariant.Admin,
                FirstOmega = FirstOmega.Trainable,
            },
            model.Decoder
        );
        Assert.Equal(tokensPerUpdate, training.TokensPerBatch * training.Accumulate);
        Assert.Equal(
            (ScheduleName.InverseSqrt, learningRate, warmUp, 1e-7),
            (
                training.Schedule.Name,
                training.Schedule.LearningRate,
                training.Schedule.WarmUpUpdates,
                training.Schedule.WarmUpFrom
            )
        );
        Assert.Equal(
            (updates, 10, 0.1, 0.0),
            (training.MaxUpdates, training.Average, training.LabelSmoothing, training.ClipNorm)
        );
        Assert.Equal(
            (OptimizerName.Radam, 0.9, 0.98, 1e-8),
            (training.Optimizer.Name, training.Optimizer.Beta1, training.Optimizer.Beta2, training.Optimizer.Epsilon)
        );
        Assert.Equal(
            (512, EmbeddingSharing.All, Activation.Relu),
            (model.Dim, model.SharedEmbeddings, model.Activation)
        );
    }

    [Theory]
    [InlineData("iwslt14-de-en-6l", 4, 1024, 0.3, 1e-4, 10_000, 5, 1.0)]
    [InlineData("wmt14-en-de-6l", 8, 2048, 0.1, 0, 32_000, 4, 0.6)]
    [InlineData("wmt14-en-de-12l", 8, 2048, 0.1, 0, 32_000, 4, 0.6)]
    [InlineData("wmt14-en-de-18l", 8, 2048, 0.1, 0, 32_000, 4, 0.6)]
    [InlineData("wmt14-en-de-100l", 8, 2048, 0.1, 0, 32_000, 4, 0.6)]
    [InlineData("wmt14-en-fr-6l", 8, 2048, 0.1, 0, 40_000, 5, 0.8)]
    [InlineData("wmt14-en-fr-60l-12l", 8, 2048, 0.1, 0, 40_000, 5, 0.8)]
    public void The_papers_recipes_have_the_papers_model_and_search(
        string name,
        int heads,
        int feedForward,
        double dropout,
        double weightDecay,
        int merges,
        int beam,
        double lengthPenalty
    )
    {
        var recipe = Read(name + ".yaml");

        Assert.Equal((heads, feedForward), (recipe.Model.Heads, recipe.Model.FeedForwardDim));
        Assert.Equal(
            (dropout, 0.1, 0.1),
            (recipe.Model.Dropout, recipe.Model.AttentionDropout, recipe.Model.ActivationDropout)
        );
        Assert.Equal((weightDecay, merges), (recipe.Training.Optimizer.WeightDecay, recipe.Subwords.Merges));
        Assert.Equal((beam, lengthPenalty), (recipe.Decoding.Beam, recipe.Decoding.LengthPenalty));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_data_exists_or_the_error_says_what_to_get_and_where_to_put_it(string file)
    {
        var recipe = Read(file);
        if (recipe.Data.Train.Missing("") is null)
        {
            Assert.Null(recipe.Data.Valid.Missing("") ?? recipe.Data.Test.Missing(""));
            return;
        }

        var message = Assert
            .Throws<UserErrorException>(() =>
                PreparedCorpus.Prepare(
                    recipe.Data,
                    recipe.Subwords,
                    recipe.Model.MaxPositions,
                    "",
                    null,
                    TestContext.Current.CancellationToken
                )
            )
            .Message;

        Assert.StartsWith(
            $"data.train: there is no file {recipe.Data.Train.Paths.Single()}. Get the ",
            message,
            StringComparison.Ordinal
        );
        Assert.All(
            recipe.Data.Train.Paths.Concat(recipe.Data.Valid.Paths).Concat(recipe.Data.Test.Paths),
            path => Assert.Contains(Path.GetFileName(path), message, StringComparison.Ordinal)
        );
        Assert.Contains(
            $"corpora/{Path.GetFileName(Path.GetDirectoryName(recipe.Data.Train.Paths.Single()))}/",
            message,
            StringComparison.Ordinal
        );
    }

    private static Recipe Read(string file) => RecipeReader.Read(Path.Combine(Folder, file), []);
}
