using TransformerClinic.Diagnosis;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis;

public class ModelActivityTests
{
    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Measuring_changes_no_bit_and_leaves_no_observer(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(variant);
        var input = Patient.Input();
        var logits = model.Forward(input.Source, input.PreviousOutput).bytes.ToArray();
        var weights = Patient.Weights(model);

        var found = ModelActivity.Measure(model, [input]);

        Assert.Equal(10, found.Sublayers.Count);
        Assert.Equal(weights, Patient.Weights(model));
        Assert.Equal(logits, model.Forward(input.Source, input.PreviousOutput).bytes.ToArray());
        Assert.All(model.modules().OfType<MultiHeadAttention>(), attention => Assert.Null(attention.WeightsObserver));
        Assert.All(model.modules().OfType<FeedForward>(), feedForward => Assert.Null(feedForward.Observer));
    }

    [Fact]
    public void After_a_normalization_with_weight_1_states_have_size_1_and_a_weight_scales_them()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(ResidualVariant.PostLn);
        using (no_grad())
        {
            model.get_parameter("encoder.layers.1.feed_forward.residual.norm.weight")!.mul_(3);
        }

        var found = ModelActivity.Measure(model, [Patient.Input()]).Sublayers;

        Assert.Equal([1, 1, 1, 3], found.Take(4).Select(sublayer => Math.Round(sublayer.OutputRms, 3)));
        Assert.Equal(found[0].OutputRms, found[1].ShortcutRms);
        Assert.All(found, sublayer => Assert.True(sublayer.OutputMax > sublayer.OutputRms));
    }

    [Fact]
    public void Equal_scores_have_the_entropy_of_the_number_of_visible_keys()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(ResidualVariant.Admin);
        using (no_grad())
        {
            foreach (var attention in model.modules().OfType<MultiHeadAttention>())
            {
                attention.InputProjection.Weight.zero_();
            }
        }

        // Sources of 7, 5, 7 and 7 tokens; targets of 6, 6, 6 and 4, whose first position has no choice.
        var found = ModelActivity
            .Measure(model, [Patient.Input()])
            .Sublayers.Where(sublayer => sublayer.Attention is not null)
            .ToList();
        var perLayer = found.ToLookup(
            sublayer => (sublayer.Place.Address!.Value.Stack, sublayer.Place.Address.Value.Kind),
            sublayer => sublayer.Attention!
        );

        Assert.All(
            found,
            sublayer =>
                Assert.All(
                    sublayer.Attention!.Heads.Append(sublayer.Attention.RelativeEntropy),
                    relative => Assert.Equal(1, relative, 1e-6)
                )
        );
        Assert.All(
            perLayer[(StackName.Encoder, SublayerKind.SelfAttention)],
            attention => Assert.Equal(((21 * Math.Log(7)) + (5 * Math.Log(5))) / 26, attention.Entropy, 1e-6)
        );
        Assert.All(
            perLayer[(StackName.Decoder, SublayerKind.CrossAttention)],
            attention => Assert.Equal(((16 * Math.Log(7)) + (6 * Math.Log(5))) / 22, attention.Entropy, 1e-6)
        );
        double Triangle(int n) => Enumerable.Range(2, n - 1).Sum(k => Math.Log(k));
        Assert.All(
            perLayer[(StackName.Decoder, SublayerKind.SelfAttention)],
            attention => Assert.Equal(((3 * Triangle(6)) + Triangle(4)) / 18, attention.Entropy, 1e-6)
        );
    }

    [Fact]
    public void An_attention_that_looks_at_one_key_has_no_entropy()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.PostLn);
        using (no_grad())
        {
            model.Encoder.Layers[0].SelfAttention.Branch.get_parameter("input_projection.weight")!.mul_(1e4);
        }

        var found = ModelActivity.Measure(model, [Patient.Input()]).Sublayers;

        Assert.InRange(found[0].Attention!.Entropy, 0, 0.01);
        Assert.InRange(found[2].Attention!.RelativeEntropy, 0.1, 0.999);
    }

    [Fact]
    public void Only_units_with_a_bias_that_no_input_overcomes_are_dead()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(ResidualVariant.Admin);
        using (no_grad())
        {
            var bias = model.get_parameter("decoder.layers.0.feed_forward.branch.inner.bias")!;
            bias[..6] = -1e3;
            bias[6..] = 1e3;
        }

        var found = ModelActivity
            .Measure(model, [Patient.Input(), Patient.Input()])
            .Sublayers.Single(sublayer =>
                sublayer.Place == new SublayerPlace(new SublayerAddress(StackName.Decoder, 0, SublayerKind.FeedForward))
            );

        Assert.Equal(new FeedForwardActivity(DeadShare: 0.25, ActiveShare: 0.75), found.FeedForward);
        Assert.Null(found.Attention);
    }

    [Fact]
    public void A_unit_that_is_active_in_one_of_two_batches_is_not_dead_and_padding_does_not_count()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(ResidualVariant.PreLn);
        var (one, other) = (
            new ModelInput(SmallModel.Tokens(1, 3, 1), SmallModel.Tokens(1, 2, 2)),
            new ModelInput(SmallModel.Tokens(1, 3, 3), SmallModel.Tokens(1, 2, 4))
        );
        var padded = one with { Source = cat([one.Source, SmallModel.Padding(1, 9)], 1) };
        double Dead(params ModelInput[] inputs) =>
            ModelActivity.Measure(model, inputs).Sublayers[1].FeedForward!.DeadShare;

        Assert.True(Dead(one, other) < Math.Min(Dead(one), Dead(other)));
        Assert.Equal(Dead(one), Dead(padded));
    }

    [Fact]
    public void With_GELU_no_unit_counts_as_dead()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(SmallModel.Options() with { Activation = Activation.Gelu });

        Assert.All(
            ModelActivity.Measure(model, [Patient.Input()]).Sublayers,
            sublayer => Assert.Null(sublayer.FeedForward)
        );
    }
}
