using TransformerClinic.Common;
using TransformerClinic.Folding;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Folding;

public class FoldingObstacleTests
{
    [Fact]
    public void A_plain_model_has_nothing_to_fold()
    {
        using var model = SmallModel.Create(ResidualVariant.PostLn);
        Assert.Contains("nothing to fold", Refusal(model), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_folded_has_nothing_left_to_fold()
    {
        using var model = Foldable.Create("deep-norm");
        using var folded = ResidualFolding.Fold(model).Model;
        Assert.Contains("nothing to fold", Refusal(folded), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ResidualVariant.PreLn, "PreLnResidual")]
    [InlineData(ResidualVariant.Rezero, "RezeroResidual")]
    public void Stacks_without_a_normalized_sum_are_refused_and_named(ResidualVariant variant, string type)
    {
        var options = SmallModel.Options();
        using var both = SmallModel.Create(variant);
        using var decoderAlone = SmallModel.Create(
            options with
            {
                Decoder = options.Decoder with { Variant = variant },
            }
        );

        var (ofBoth, ofDecoder) = (Refusal(both), Refusal(decoderAlone));

        Assert.Contains(
            $"encoder layer 1, self-attention: {type} does not normalize the sum",
            ofBoth,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"decoder layer 1, self-attention: {type} does not normalize the sum",
            ofBoth,
            StringComparison.Ordinal
        );
        Assert.Contains($"decoder layer 1, self-attention: {type}", ofDecoder, StringComparison.Ordinal);
        Assert.DoesNotContain("encoder layer", ofDecoder, StringComparison.Ordinal);
    }

    [Fact]
    public void The_printed_formula_makes_the_first_omega_zero_which_cannot_be_folded()
    {
        using var model = SmallModel.Create(ResidualVariant.AdminFormula);
        Foldable.SetOmega(model.Encoder.Residuals.First(), 0);
        Assert.Contains(
            "encoder layer 1, self-attention: the shortcut's scale is 0 in channel 0",
            Refusal(model),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0.0, "is 0 in channel 3")]
    [InlineData(double.NaN, "is NaN in channel 3: the model is damaged, or its training diverged")]
    [InlineData(double.PositiveInfinity, "is Infinity in channel 3")]
    [InlineData(-1e-20, "is -1e-20 in channel 3, beyond 5.42e-20 to 1.84e+19")]
    [InlineData(1e20, "is 1e+20 in channel 3, beyond 5.42e-20 to 1.84e+19")]
    public void A_scale_that_cannot_be_divided_by_is_named_with_its_channel(double omega, string expected)
    {
        using var model = Foldable.Create("admin");
        using (no_grad())
        {
            ((AdminResidual)model.Decoder.Residuals.ElementAt(4)).Omega[3] = omega;
        }

        Assert.Contains(
            $"decoder layer 2, cross-attention: the shortcut's scale {expected}",
            Refusal(model),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_branch_scale_that_is_not_a_number_is_refused()
    {
        using var model = Foldable.Create("rezero-post-ln");
        using (no_grad())
        {
            ((RezeroPostLnResidual)model.Encoder.Residuals.Last()).Alpha.fill_(double.NaN);
        }

        Assert.Contains(
            "encoder layer 2, self-attention: the branch's scale is NaN",
            Refusal(model),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Normalizations_and_branches_of_other_kinds_are_refused()
    {
        var options = SmallModel.Options();
        using var dropout = new Dropout();
        using var initializer = new ParameterInitializer(1);
        using var branch = new FeedForward(options, BranchDesign.Standard, initializer, dropout);
        var here = new SublayerAddress(StackName.Encoder, 2, SublayerKind.FeedForward);
        string? Obstacle(ResidualConnection connection) =>
            FoldingObstacle.FirstOf([FoldableSublayer.Of(here, new Sublayer(branch, connection, options, dropout))]);

        Assert.Null(Obstacle(new PostLnResidual(options.Dim)));
        Assert.Contains(
            "encoder layer 3, feed-forward: its normalization is of the type Identity",
            Obstacle(new PostLnResidual(options.Dim, nn.Identity())),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no gain or no bias",
            Obstacle(new PostLnResidual(options.Dim, nn.LayerNorm(options.Dim, elementwise_affine: false))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "no gain or no bias",
            Obstacle(new PostLnResidual(options.Dim, nn.LayerNorm(options.Dim, bias: false))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "adds 0.01 to the variance, plain Post-LN 1E-05",
            Obstacle(new PostLnResidual(options.Dim, nn.LayerNorm(options.Dim, eps: 1e-2))),
            StringComparison.Ordinal
        );
        using var other = new Sublayer(nn.Identity(), new PostLnResidual(options.Dim), options, dropout);
        var refused = Assert.Throws<UserErrorException>(() => FoldableSublayer.Of(here, other));
        Assert.Contains(
            "encoder layer 3, feed-forward: its branch is of the type Identity",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    private static string Refusal(TransformerClinic.Model.Transformer model) =>
        Assert.Throws<UserErrorException>(() => ResidualFolding.Fold(model)).Message;
}
