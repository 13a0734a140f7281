using CsCheck;
using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

public class TransformerTests
{
    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_later_target_token_changes_no_earlier_logits(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = SmallModel.Create(variant);
        var (source, target) = (SmallModel.Tokens(3, 5, 1), SmallModel.Tokens(3, 6, 2));
        var changed = target.clone();
        changed[.., 4] = (target[.., 4] + 1).remainder(SmallModel.Words);
        var (before, after) = (model.Forward(source, target), model.Forward(source, changed));
        Assert.Equal(before[.., ..4].clone().data<float>().ToArray(), after[.., ..4].clone().data<float>().ToArray());
        Assert.True((before[.., 4..] - after[.., 4..]).abs().amax([-1]).min().item<float>() > 0);
    }

    [Fact]
    public void Padding_anywhere_in_the_source_and_after_the_target_changes_no_logits() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 4], Gen.Enum<ResidualVariant>())
            .Sample(
                (left, right, afterTarget, variant) =>
                {
                    using var scope = NewDisposeScope();
                    using var noGradient = no_grad();
                    using var model = SmallModel.Create(variant);
                    model.to(ScalarType.Float64);
                    var (source, target) = (SmallModel.Tokens(2, 5, 1), SmallModel.Tokens(2, 6, 2));
                    var padded = cat([SmallModel.Padding(2, left), source, SmallModel.Padding(2, right)], 1);
                    var paddedTarget = cat([target, SmallModel.Padding(2, afterTarget)], 1);
                    var difference = (model.Forward(padded, paddedTarget)[.., ..6] - model.Forward(source, target))
                        .abs()
                        .max()
                        .item<double>();
                    Assert.True(difference < 1e-12, $"{difference}");
                },
                iter: 20
            );

    [Fact]
    public void Sentences_of_a_batch_do_not_see_each_other()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = SmallModel.Create();
        model.to(ScalarType.Float64);
        var (source, target) = (SmallModel.Tokens(3, 5, 1), SmallModel.Tokens(3, 6, 2));
        var together = model.Forward(source, target);
        for (var row = 0; row < 3; row++)
        {
            var alone = model.Forward(source.narrow(0, row, 1), target.narrow(0, row, 1));
            Assert.True((together[row] - alone[0]).abs().max().item<double>() < 1e-12);
        }
    }

    [Fact]
    public void Initial_weights_have_the_references_distribution()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        const int dim = 64,
            hidden = 96;
        using var model = new Transformer(
            SmallModel.Options() with
            {
                Dim = dim,
                FeedForwardDim = hidden,
            },
            vocabulary: 500,
            padding: 1,
            seed: 5
        );
        foreach (var (name, parameter) in model.named_parameters())
        {
            var bound = name switch
            {
                _ when name.EndsWith("input_projection.weight", StringComparison.Ordinal) => Math.Sqrt(6.0 / (4 * dim)),
                _ when name.EndsWith("output_projection.weight", StringComparison.Ordinal) => Math.Sqrt(
                    6.0 / (2 * dim)
                ),
                _ when name.Contains("branch", StringComparison.Ordinal)
                        && name.EndsWith("weight", StringComparison.Ordinal) => Math.Sqrt(6.0 / (dim + hidden)),
                _ => 0,
            };
            if (bound > 0)
            {
                Assert.Equal(bound, parameter.abs().max().item<float>(), 0.01 * bound);
                Assert.Equal(0, parameter.mean().item<float>(), 0.05 * bound);
                Assert.Equal(bound / Math.Sqrt(3), parameter.std().item<float>(), 0.03 * bound);
            }
            else if (name == "embeddings.shared")
            {
                Assert.Equal(Math.Pow(dim, -0.5), parameter.std().item<float>(), 0.02 * Math.Pow(dim, -0.5));
                Assert.Equal(0, parameter[1].abs().max().item<float>());
                Assert.True(parameter[0].abs().max().item<float>() > 0);
            }
            else
            {
                var expected =
                    name.EndsWith("norm.weight", StringComparison.Ordinal)
                    || name.EndsWith("omega", StringComparison.Ordinal)
                        ? 1f
                        : 0f;
                Assert.All(parameter.data<float>(), value => Assert.Equal(expected, value));
            }
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_whatever_else_draws_random_numbers()
    {
        using var first = SmallModel.Create(seed: 3);
        using var drawn = rand(10);
        using var second = SmallModel.Create(seed: 3);
        using var other = SmallModel.Create(seed: 4);
        Assert.Equal(Bytes(first), Bytes(second));
        Assert.NotEqual(Bytes(first), Bytes(other));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Variants_start_from_the_same_weights(ResidualVariant variant)
    {
        using var model = SmallModel.Create(variant);
        using var postLn = SmallModel.Create(ResidualVariant.PostLn);
        var own = model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        var shared = postLn
            .named_parameters()
            .Where(entry => !entry.name.Contains(".norm.", StringComparison.Ordinal))
            .ToList();
        var different = shared
            .Where(entry => !entry.parameter.bytes.SequenceEqual(own[entry.name].bytes))
            .Select(entry => entry.name)
            .ToList();
        switch (variant)
        {
            case ResidualVariant.TFixup: // and it scales the embedding
                Assert.Contains("embeddings.shared", different);
                break;
            case ResidualVariant.B2t: // drawn with another gain
            case ResidualVariant.DeepNorm: // drawn from another distribution
            case ResidualVariant.SubLn:
                Assert.Equal(
                    shared
                        .Where(entry =>
                            entry.name.Contains("branch", StringComparison.Ordinal)
                            && entry.name.EndsWith("weight", StringComparison.Ordinal)
                        )
                        .Select(entry => entry.name),
                    different
                );
                break;
            case ResidualVariant.LookLinear: // half of them the negative of the other half
                Assert.All(different, name => Assert.Contains("feed_forward.branch", name, StringComparison.Ordinal));
                Assert.Equal(8, different.Count);
                break;
            default:
                Assert.Empty(different);
                break;
        }
    }

    [Theory]
    [InlineData(EmbeddingSharing.All, 1)]
    [InlineData(EmbeddingSharing.Decoder, 2)]
    [InlineData(EmbeddingSharing.None, 3)]
    public void Shared_embeddings_are_one_parameter(EmbeddingSharing sharing, int matrices)
    {
        using var model = SmallModel.Create(SmallModel.Options() with { SharedEmbeddings = sharing });
        var shapes = model
            .named_parameters()
            .Where(entry => entry.name.StartsWith("embeddings", StringComparison.Ordinal))
            .Select(entry => entry.parameter.shape);
        Assert.Equal(Enumerable.Repeat<long[]>([SmallModel.Words, 16], matrices), shapes);
        Assert.Equal(sharing == EmbeddingSharing.All, model.Embeddings.Source.Handle == model.Embeddings.Target.Handle);
        Assert.Equal(
            sharing != EmbeddingSharing.None,
            model.Embeddings.Target.Handle == model.Embeddings.Output.Handle
        );
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_stack_has_two_or_three_residual_connections_a_layer_of_its_own_variant(ResidualVariant variant)
    {
        using var model = SmallModel.Create(
            SmallModel.Options() with
            {
                Encoder = new StackOptions { Layers = 3, Variant = variant },
                Decoder = new StackOptions { Layers = 1, Variant = ResidualVariant.PostLn },
            }
        );
        var expected = new ResidualFactory(
            16,
            StackShape.Alone(1),
            new ResidualOptions { Variant = variant }
        ).NextLayer(1)[0];
        Assert.Equal(6, model.Encoder.Residuals.Count(residual => residual.GetType() == expected.GetType()));
        Assert.Equal(3, model.Decoder.Residuals.OfType<PostLnResidual>().Count());
        Assert.Equal(
            expected.StackNeedsFinalNorm,
            model.named_parameters().Any(entry => entry.name == "encoder.norm.weight")
        );
        Assert.Equal(
            expected.StackNeedsInputNorm,
            model.named_parameters().Any(entry => entry.name == "encoder.input_norm.weight")
        );
        Assert.DoesNotContain(model.named_parameters(), entry => entry.name == "decoder.norm.weight");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_model_outlives_the_dispose_scope_it_is_built_in(ResidualVariant variant)
    {
        Transformer model;
        using (NewDisposeScope())
        {
            model = SmallModel.Create(variant);
        }

        using var owned = model;
        using var scope = NewDisposeScope();
        model.Dropout.Begin(1);
        Assert.Equal(
            [2, 4, SmallModel.Words],
            model.Forward(SmallModel.Tokens(2, 3, 1), SmallModel.Tokens(2, 4, 2)).shape
        );
    }

    [Fact]
    public void Gelu_models_differ_from_relu_models()
    {
        using var scope = NewDisposeScope();
        using var relu = SmallModel.Create();
        using var gelu = SmallModel.Create(SmallModel.Options() with { Activation = Activation.Gelu });
        var (source, target) = (SmallModel.Tokens(1, 3, 1), SmallModel.Tokens(1, 3, 2));
        Assert.True((relu.Forward(source, target) - gelu.Forward(source, target)).abs().max().item<float>() > 1e-4);
    }

    [Fact]
    public void A_batch_longer_than_the_position_table_is_refused_by_its_length()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        var failure = Assert.Throws<ArgumentOutOfRangeException>(() => model.Encode(SmallModel.Tokens(1, 33, 1)));
        Assert.Contains("32 tokens", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1, 32, 16], model.Encode(SmallModel.Tokens(1, 32, 1)).Output.shape);
    }

    private static byte[] Bytes(Transformer model) =>
        [.. model.parameters().SelectMany(parameter => parameter.bytes.ToArray())];
}
