using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Files;
using TransformerClinic.Folding;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.Folding;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Tests.OwnVariants;

/// <summary>
/// Everything that the engine does with a model, with residual connections that only this test knows.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class OwnVariantTests : IDisposable
{
    private static readonly TrainingOptions Learning = new()
    {
        MaxUpdates = 200,
        TokensPerBatch = 200,
        LabelSmoothing = 0,
        Optimizer = new OptimizerOptions { Name = OptimizerName.Adam },
        Schedule = new ScheduleOptions { LearningRate = 5e-3, WarmUpUpdates = 5 },
    };

    private static readonly SmallTraining Small = new(Learning);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => ["weighted Post-LN", "Peri-LN", "ResiDual"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void It_trains_and_resumes_with_the_same_bits(string name) =>
        Small.AssertResumesExactly(
            _folder.FullName,
            seed => new ModelReplicas(() => Model(name, seed), workers: 1, CPU),
            updates: 30,
            gain: 0.2,
            Assert.Null
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Layers_that_are_computed_again_have_the_same_gradients(string name)
    {
        using var model = Model(name);
        SmallTraining.AssertRecomputesExactly(model);
    }

    [Theory]
    [InlineData("weighted Post-LN", true)]
    [InlineData("Peri-LN", true)]
    [InlineData("ResiDual", false)]
    public void It_decodes_packed_where_it_has_an_equation_and_finds_the_tokens_that_libtorch_finds(
        string name,
        bool packed
    )
    {
        using var scope = NewDisposeScope();
        using var model = Shaken(Model(name));
        SameSearch.AssertOf(model, packed);
    }

    [Fact]
    public void What_has_no_equation_cannot_be_packed_in_8_bits_and_is_named()
    {
        using var model = Model("ResiDual");
        var refused = Assert.Throws<UserErrorException>(() =>
            new BeamSearch(model, new DecodingOptions { Precision = DecodingPrecision.Int8 })
        );
        Assert.Contains("DualResidual", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("Use fp32.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weighted Post-LN", false)]
    [InlineData("Peri-LN", true)]
    public void It_is_diagnosed_and_predicted_by_its_equation(string name, bool handsOnSum)
    {
        var subject = new DiagnosisSubject(
            "small",
            Options(name),
            [1],
            new HeldExamples(Reversal.Examples(200, seed: 1)),
            SmallModel.Words,
            Learning,
            Load: null
        );
        Examination[] examinations = [Examination.Of(subject, 1, perturbations: 1)];
        var encoder = StackFindings.Of(StackName.Encoder, subject.Model.Encoder, examinations);
        using var model = Shaken(Model(name));
        model.to(ScalarType.Float64);
        using var probe = new Probe(subject.Batches(1, 1)[0], subject.Smoothing);
        var prediction = PredictionRule.Fitted.Predict(model, probe, Learning)!;
        var dependency = ResidualDependency.Measure(model, probe.Input).Decoder;
        var results = new DiagnosisResults
        {
            Name = "small",
            Trained = false,
            Model = subject.Model,
            Seeds = [1],
            Encoder = encoder,
            Decoder = StackFindings.Of(StackName.Decoder, subject.Model.Decoder, examinations),
            Predictions = [prediction],
        };

        Assert.InRange(dependency.LargestDifference, 0, 1e-12);
        Assert.InRange(encoder.MeanLean, 0.05, 0.95);
        Assert.Equal(handsOnSum, encoder.Traits.HandsOnSum);
        var signs = TrainingSigns.Of(model, probe, Learning, PredictionRule.Fitted.Horizon)!;
        Assert.Equal(
            (handsOnSum ? PredictionRule.Fitted.PreNormLimit : PredictionRule.Fitted.PostNormLimit)
                * Math.Pow(PredictionRule.WarmUp(signs), PredictionRule.Fitted.WarmUpPower)
                * Math.Pow(1 - signs.Similarity, PredictionRule.Fitted.SimilarityPower),
            prediction.Limit,
            1e-9 * prediction.Limit
        );
        Assert.Contains($"2+2-layer {name} Transformer without Admin", DiagnosisVerdict.Of(results).Headline);
    }

    [Fact]
    public void What_states_of_two_streams_are_made_of_is_not_guessed()
    {
        using var scope = NewDisposeScope();
        using var model = Model("ResiDual");
        var input = new ModelInput(SmallModel.Tokens(2, 4, 1), SmallModel.Tokens(2, 4, 2));
        var refused = Assert.Throws<InvalidOperationException>(() => ResidualDependency.Measure(model, input));
        Assert.Contains("DualResidual, has no equation", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_folds_into_plain_Post_LN_where_its_equation_allows()
    {
        using var scope = NewDisposeScope();
        using var model = Shaken(Model("weighted Post-LN"));
        model.to(ScalarType.Float64);

        var (folded, stacks) = ResidualFolding.Fold(model);
        using var owned = folded;

        Assert.Equal(["weighted Post-LN", "weighted Post-LN"], stacks.Select(stack => stack.Design));
        Assert.Null(folded.Options.Encoder.Design);
        Assert.All(folded.Encoder.Residuals, connection => Assert.True(connection.Form!.IsPostLn));
        Assert.InRange(Foldable.Difference(Foldable.Logits(model), Foldable.Logits(folded)), 0, 1e-12);
    }

    [Theory]
    [InlineData("Peri-LN", "PeriLnResidual does not normalize the sum of shortcut and branch")]
    [InlineData("ResiDual", "DualResidual computes more than the equation of one stream")]
    public void What_does_not_fold_is_refused_and_the_reason_named(string name, string expected)
    {
        using var model = Model(name);
        var refused = Assert.Throws<UserErrorException>(() => ResidualFolding.Fold(model));
        Assert.Contains($"encoder layer 1, self-attention: {expected}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_holds_its_name_and_says_that_only_the_program_knows_it()
    {
        var path = _folder.PathOf("model.json");
        Json.Write(path, Options("Peri-LN"));
        Assert.Contains("\"design\": \"Peri-LN\"", File.ReadAllText(path), StringComparison.Ordinal);
        var refused = Assert.Throws<UserErrorException>(() => Json.Read<ModelOptions>(path));
        Assert.Contains("Peri-LN, are defined by the program", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("design", Json.Line(SmallModel.Options()), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_design_whose_connections_have_another_width_is_refused()
    {
        var wrong = new ResidualDesign("wrong", place => new WeightedResidual(place.Dim + 1));
        var refused = Assert.Throws<InvalidOperationException>(() => SmallModel.Create(With(wrong)));
        Assert.Equal("wrong made a connection of the width 17 for a stream of the width 16.", refused.Message);
    }

    private static ModelOptions Options(string name) => With(OwnDesigns.Named(name));

    private static ModelOptions With(ResidualDesign design)
    {
        var options = SmallModel.Options();
        return options with
        {
            Encoder = options.Encoder with { Design = design },
            Decoder = options.Decoder with { Design = design },
        };
    }

    private static Transformer Model(string name, long seed = 1) => SmallModel.Create(Options(name), seed);

    /// <summary>Normalizations, scales and biases are not what they are drawn as.</summary>
    private static Transformer Shaken(Transformer model)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        foreach (var (_, parameter) in model.named_parameters().Where(entry => entry.parameter.dim() == 1))
        {
            parameter.add_(randn(parameter.shape, generator: generator) * tensor(0.2f), HeldScalars.One);
        }

        return model;
    }
}
