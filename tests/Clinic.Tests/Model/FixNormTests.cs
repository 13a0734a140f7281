using System.Text.Json;
using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Folding;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.Folding;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

/// <summary>Word vectors that are divided by their length wherever they are used.</summary>
public sealed class FixNormTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// With <c>u = w / |w|</c> the logits are those of a plain model whose word vectors are u, and the gradient of w is
    /// <c>(g - (g u) u) / |w|</c>, g that of u.
    /// </summary>
    [Theory]
    [InlineData(EmbeddingSharing.All)]
    [InlineData(EmbeddingSharing.Decoder)]
    [InlineData(EmbeddingSharing.None)]
    public void It_computes_with_w_divided_by_its_length(EmbeddingSharing sharing)
    {
        using var scope = NewDisposeScope();
        using var model = Create(sharing);
        using var plain = Plain(model);
        var (source, output) = (SmallModel.Tokens(3, 5, 1), SmallModel.Tokens(3, 6, 2));

        var (expected, found) = (plain.Forward(source, output), model.Forward(source, output));
        var weight = randn(found.shape, ScalarType.Float64, generator: new Generator(3, CPU));
        (expected * weight).sum().backward();
        (found * weight).sum().backward();

        Assert.InRange(Difference(expected, found), 0, 1e-12);
        var own = plain.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        foreach (var (name, w) in model.named_parameters())
        {
            var gradient = own[name].grad!;
            if (name.StartsWith(EmbeddingNames.Module, StringComparison.Ordinal))
            {
                var length = w.detach().square().sum([1], keepdim: true).sqrt();
                var u = w.detach() / length;
                gradient = (gradient - ((gradient * u).sum([1], keepdim: true) * u)) / length;
            }

            Assert.InRange(Difference(gradient, w.grad!), 0, 1e-11);
        }
    }

    [Fact]
    public void It_computes_what_the_authors_model_does()
    {
        using var scope = NewDisposeScope();
        var path = RepositoryRoot.PathOf("tests", "Residuals.Tests", "Golden", "fix-norm.json");
        var recorded = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        Tensor Recorded(string name) => RecordedTensor.Of(recorded.GetProperty(name));
        var words = Recorded("words");
        var options = SmallModel.Options() with { Dim = (int)words.shape[1], FixNorm = true };
        using var model = new Transformer(options, (int)words.shape[0], Vocabulary.Pad, seed: 1);
        model.to(ScalarType.Float64);
        using (no_grad())
        {
            model.Embeddings.Source.copy_(words);
        }

        var tokens = Recorded("tokens").to(ScalarType.Int64).unsqueeze(0);
        var read = model.Embed(tokens, model.Embeddings.Source) - model.Positions.OfTokens(tokens, Vocabulary.Pad);
        var logits = model.Project(Recorded("hidden"));
        ((read * Recorded("weight_of_read")).sum() + (logits * Recorded("weight_of_logits")).sum()).backward();

        Assert.InRange(Difference(Recorded("read"), read.squeeze(0)), 0, 1e-12);
        Assert.InRange(Difference(Recorded("logits"), logits), 0, 1e-12);
        Assert.InRange(Difference(Recorded("gradient"), model.Embeddings.Source.grad!), 0, 1e-12);
    }

    [Fact]
    public void Vectors_are_drawn_from_a_small_uniform_distribution_that_of_padding_as_well()
    {
        using var scope = NewDisposeScope();
        using var model = new Transformer(SmallModel.Options() with { FixNorm = true, Dim = 64 }, 500, 1, seed: 5);
        var words = model.Embeddings.Source.detach();

        Assert.Equal(0.01, words.abs().max().item<float>(), 1e-5);
        Assert.Equal(0.005, words.abs().mean().item<float>(), 1e-4);
        Assert.True(words.abs().sum([1]).gt(0).all().item<bool>());
    }

    [Fact]
    public void It_trains_and_resumes_with_the_same_bits() =>
        new SmallTraining(
            new TrainingOptions
            {
                MaxUpdates = 200,
                TokensPerBatch = 200,
                LabelSmoothing = 0,
                Schedule = new ScheduleOptions { LearningRate = 5e-3, WarmUpUpdates = 5 },
            }
        ).AssertResumesExactly(
            _folder.FullName,
            seed => new ModelReplicas(
                () => SmallModel.Create(SmallModel.Options() with { FixNorm = true }, seed),
                2,
                CPU
            ),
            updates: 20,
            gain: 0.1
        );

    [Fact]
    public void Layers_that_are_computed_again_have_the_same_gradients()
    {
        using var model = SmallModel.Create(SmallModel.Options() with { FixNorm = true });
        SmallTraining.AssertRecomputesExactly(model);
    }

    [Theory]
    [InlineData(EmbeddingSharing.All)]
    [InlineData(EmbeddingSharing.Decoder)]
    [InlineData(EmbeddingSharing.None)]
    public void It_decodes_packed_and_finds_what_libtorch_finds(EmbeddingSharing sharing)
    {
        using var scope = NewDisposeScope();
        using var model = Create(sharing);
        model.to(ScalarType.Float32);
        SameSearch.AssertOf(model);
    }

    [Theory]
    [InlineData(ResidualVariant.Admin)]
    [InlineData(ResidualVariant.PostLn)]
    public void Folding_stores_the_vectors_as_they_are_used(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Foldable.Create(SmallModel.Options(variant) with { FixNorm = true });
        using var folded = ResidualFolding.Fold(model).Model;

        Assert.False(folded.Options.FixNorm);
        Assert.InRange(Difference(Foldable.Logits(model), Foldable.Logits(folded)), 0, 1e-12);
        Assert.Throws<UserErrorException>(() => ResidualFolding.Fold(folded));
    }

    private static Transformer Create(EmbeddingSharing sharing) =>
        Foldable.Create(SmallModel.Options() with { FixNorm = true, SharedEmbeddings = sharing });

    /// <summary>The same weights in a plain model, its word vectors divided by their length here.</summary>
    private static Transformer Plain(Transformer model)
    {
        var plain = SmallModel.Create(model.Options with { FixNorm = false });
        plain.to(ScalarType.Float64);
        using var noGradient = no_grad();
        foreach (var ((name, from), (_, to)) in model.named_parameters().Zip(plain.named_parameters()))
        {
            to.copy_(
                name.StartsWith(EmbeddingNames.Module, StringComparison.Ordinal)
                    ? from / from.square().sum([1], keepdim: true).sqrt()
                    : from
            );
        }

        return plain;
    }

    private static double Difference(Tensor expected, Tensor found) =>
        ((expected - found).abs() / expected.abs().clamp_min(1)).max().item<double>();
}
