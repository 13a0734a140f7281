using CsCheck;
using TorchSharp;
using TransformerClinic.Folding;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Folding;

[Trait("Speed", "Slow")]
public class ResidualFoldingTests
{
    public static TheoryData<string> Names => [.. Foldable.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_folded_model_is_plain_post_ln_and_computes_the_same(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Foldable.Create(name);
        var before = Values(model);

        var (folded, _) = ResidualFolding.Fold(model);

        Assert.Equal(before, Values(model));
        Assert.All(
            [folded.Options.Encoder, folded.Options.Decoder],
            stack => Assert.Equal(ResidualVariant.PostLn, stack.Variant)
        );
        Assert.All(
            folded.Encoder.Residuals.Concat(folded.Decoder.Residuals),
            connection => Assert.IsType<PostLnResidual>(connection)
        );
        AssertSame(Foldable.Logits(model), Foldable.Logits(folded));
        folded.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void With_dropout_on_the_same_masks_give_the_same(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Foldable.Create(name);
        using var folded = ResidualFolding.Fold(model).Model;

        var dropped = Foldable.Logits(model, dropout: 7);

        AssertSame(dropped, Foldable.Logits(folded, dropout: 7));
        Assert.True(Foldable.Difference(dropped, Foldable.Logits(model)) > 1e-2, "dropout did nothing");
    }

    [Theory]
    [InlineData("admin-trainable-first", FirstScale.InputScale)]
    [InlineData("admin-input-scale", FirstScale.InputScale)]
    [InlineData("admin-formula", FirstScale.InputScale)]
    [InlineData("deep-norm", FirstScale.InputScale)]
    [InlineData("admin", FirstScale.One)]
    [InlineData("rezero-post-ln", FirstScale.One)]
    public void The_first_scale_goes_into_the_input_unless_it_is_1(string name, object expected)
    {
        using var scope = NewDisposeScope();
        using var model = Foldable.Create(name);
        var (folded, stacks) = ResidualFolding.Fold(model);

        Assert.All(stacks, stack => Assert.Equal(expected, stack.First));
        if (expected is FirstScale.InputScale)
        {
            // Forgetting the first scale is an error that only the output shows.
            using var noGradient = no_grad();
            folded.Decoder.InputScale!.fill_(1);
            Assert.True(Foldable.Difference(Foldable.Logits(model), Foldable.Logits(folded)) > 1e-2);
        }
        else
        {
            Assert.Null(folded.Encoder.InputScale);
            Assert.Null(folded.Decoder.InputScale);
        }

        folded.Dispose();
    }

    [Fact]
    public void Omegas_of_any_sign_and_size_fold() =>
        Gen.Select(Gen.Long[1, 1000], Gen.Double[0.2, 5], Gen.Bool, Gen.Int[0, 2])
            .Sample(
                (seed, omega, negative, variant) =>
                {
                    var name = new[] { "admin-trainable-first", "admin-formula", "analytic-trainable-vector" }[variant];
                    using var scope = NewDisposeScope();
                    using var model = Foldable.Create(name, seed);
                    if (name != "analytic-trainable-vector")
                    {
                        Foldable.SetOmega(
                            model.Decoder.Residuals.ElementAt((int)(seed % 6)),
                            negative ? -omega : omega
                        );
                    }

                    using var folded = ResidualFolding.Fold(model).Model;
                    return Foldable.Difference(Foldable.Logits(model), Foldable.Logits(folded)) < 1e-12;
                },
                iter: 30
            );

    [Theory]
    [InlineData(1)]
    [InlineData(1e-6)]
    [InlineData(1e-15)]
    [InlineData(1e15)]
    public void Float32_holds_what_small_and_large_scales_fold_into(double omega)
    {
        using var scope = NewDisposeScope();
        using var model = Foldable.Create("admin-trainable-first");
        foreach (var connection in model.Encoder.Residuals.Concat(model.Decoder.Residuals))
        {
            Foldable.SetOmega(connection, omega);
        }

        using var folded = ResidualFolding.Fold(model).Model;
        folded.to(ScalarType.Float32);
        folded.to(ScalarType.Float64);

        Assert.True(Foldable.Difference(Foldable.Logits(model), Foldable.Logits(folded)) is > 1e-9 and < 1e-6);
    }

    [Fact]
    public void It_says_what_was_folded()
    {
        using var model = Foldable.Create("admin-trainable-first/rezero-post-ln");
        foreach (var (connection, i) in model.Encoder.Residuals.Select((connection, i) => (connection, i)))
        {
            Foldable.SetOmega(connection, i + 1.5);
        }

        Foldable.SetOmega(model.Encoder.Residuals.First(), -0.5);
        foreach (
            var alpha in model.Decoder.Residuals.Cast<RezeroPostLnResidual>().Select(connection => connection.Alpha)
        )
        {
            using var noGradient = no_grad();
            alpha.fill_(-0.25);
        }

        var (folded, stacks) = ResidualFolding.Fold(model);
        folded.Dispose();

        Assert.Equal(
            [
                new StackFolding(StackName.Encoder, ResidualVariant.Admin, 4, 0.5, 4.5, 1, 1, FirstScale.InputScale),
                new StackFolding(StackName.Decoder, ResidualVariant.RezeroPostLn, 6, 1, 1, 0.25, 0.25, FirstScale.One),
            ],
            stacks
        );
    }

    [Fact]
    public void A_branch_that_rezero_has_closed_folds_into_one_that_writes_nothing()
    {
        using var scope = NewDisposeScope();
        using var model = Foldable.Create("rezero-post-ln");
        using (no_grad())
        {
            ((RezeroPostLnResidual)model.Decoder.Residuals.First()).Alpha.fill_(0);
        }

        using var folded = ResidualFolding.Fold(model).Model;

        AssertSame(Foldable.Logits(model), Foldable.Logits(folded));
        Assert.All(
            ((FeedForward)folded.Decoder.Layers[0].FeedForward.Branch).Outer.Weight.data<double>(),
            weight => Assert.Equal(0, weight)
        );
    }

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        var difference = Foldable.Difference(expected, actual);
        Assert.True(difference < 1e-12, $"{difference} of the largest logit");
    }

    private static double[] Values(TransformerClinic.Model.Transformer model) =>
        [.. model.named_parameters().SelectMany(entry => entry.parameter.data<double>().ToArray())];
}
