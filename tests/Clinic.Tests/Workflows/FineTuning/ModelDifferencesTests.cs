using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Workflows.FineTuning;

namespace TransformerClinic.Tests.Workflows.FineTuning;

public class ModelDifferencesTests
{
    private static readonly ModelOptions Trained = SmallModel.Options();

    public static TheoryData<string, ModelOptions> Refused =>
        new()
        {
            {
                "model.encoder.layers is 2 in the model and 4 in the recipe",
                Trained with
                {
                    Encoder = Trained.Encoder with { Layers = 4 },
                }
            },
            {
                "model.decoder.variant is admin in the model and pre-ln in the recipe",
                Trained with
                {
                    Decoder = Trained.Decoder with { Variant = ResidualVariant.PreLn },
                }
            },
            {
                "model.encoder.inputScale is false in the model and true in the recipe",
                Trained with
                {
                    Encoder = Trained.Encoder with { InputScale = true },
                }
            },
            { "model.dim is 16 in the model and 8 in the recipe", Trained with { Dim = 8 } },
            { "model.heads is 2 in the model and 4 in the recipe", Trained with { Heads = 4 } },
            { "model.feedForwardDim is 24 in the model and 25 in the recipe", Trained with { FeedForwardDim = 25 } },
            {
                "model.activation is relu in the model and gelu in the recipe",
                Trained with
                {
                    Activation = Activation.Gelu,
                }
            },
            {
                "model.sharedEmbeddings is all in the model and none in the recipe",
                Trained with
                {
                    SharedEmbeddings = EmbeddingSharing.None,
                }
            },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_changes_weights_or_the_function_of_them_is_named_with_both_values(
        string words,
        ModelOptions asked
    ) => Assert.Equal([words], ModelDifferences.Of(Trained, asked));

    [Fact]
    public void Dropout_and_the_longest_sequence_may_differ() =>
        Assert.Empty(
            ModelDifferences.Of(
                Trained,
                Trained with
                {
                    Dropout = 0.3,
                    AttentionDropout = 0.2,
                    ActivationDropout = 0,
                    MaxPositions = 4096,
                }
            )
        );

    [Fact]
    public void A_first_omega_may_be_trained_from_now_on_but_one_that_was_trained_may_not_be_frozen()
    {
        var trainable = Trained with { Encoder = Trained.Encoder with { FirstOmega = FirstOmega.Trainable } };

        Assert.Empty(ModelDifferences.Of(Trained, trainable));
        Assert.Equal(
            ["model.encoder.firstOmega is trainable in the model and frozen in the recipe"],
            ModelDifferences.Of(trainable, Trained)
        );
    }

    [Theory]
    [InlineData(ResidualVariant.PreLn, 0)]
    [InlineData(ResidualVariant.AdminAnalytic, 1)]
    public void Options_that_the_variant_does_not_read_may_differ(ResidualVariant variant, int differences)
    {
        var trained = SmallModel.Options(variant);
        var asked = trained with
        {
            Decoder = trained.Decoder with
            {
                FirstOmega = FirstOmega.Trainable,
                Analytic = new AnalyticOptions { Trainable = true },
            },
        };

        Assert.Equal(differences, ModelDifferences.Of(trained, asked).Count);
        Assert.Equal(differences, ModelDifferences.Of(asked, trained).Count);
    }
}
