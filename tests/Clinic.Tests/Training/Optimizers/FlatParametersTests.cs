using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Optimizers;

public class FlatParametersTests
{
    [Theory]
    [InlineData(ResidualVariant.Admin)]
    [InlineData(ResidualVariant.PreLn)]
    public void Slots_cover_the_buffer_in_the_models_order_and_the_model_works_as_before(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(variant);
        var before = Logits(model);
        var names = model.named_parameters().Select(entry => entry.name).ToList();
        using var parameters = new FlatParameters(model);
        Assert.Equal(before, Logits(model));
        Assert.Equal(names, parameters.Slots.Select(slot => slot.Name));
        Assert.Equal(parameters.Count, parameters.Slots.Sum(slot => slot.Count));
        Assert.All(
            parameters.Slots.Zip(parameters.Slots.Skip(1)),
            pair => Assert.Equal(pair.First.Offset + pair.First.Count, pair.Second.Offset)
        );
        Assert.All(
            parameters.Slots,
            slot =>
                Assert.Equal(
                    model.get_parameter(slot.Name)!.clone().data<float>().ToArray(),
                    FlatParameters.View(parameters.Values, slot).clone().data<float>().ToArray()
                )
        );
    }

    [Fact]
    public void The_backward_pass_adds_into_the_flat_gradient_which_stays_the_parameters_own()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        using var reference = SmallModel.Create();
        using var parameters = new FlatParameters(model);
        Backward(reference, 1);
        for (var pass = 1; pass <= 3; pass++)
        {
            Backward(model, 1);
            foreach (var slot in parameters.Slots)
            {
                var expected = reference.get_parameter(slot.Name)!.grad! * pass;
                var actual = FlatParameters.View(parameters.Gradients, slot);
                Assert.True(
                    (actual - expected).abs().max().item<float>() <= 1e-6 * (1 + expected.abs().max().item<float>()),
                    slot.Name
                );
            }
        }

        parameters.ZeroGradients();
        Assert.Equal(0, parameters.GradientNorm());
        Assert.All(model.parameters(), parameter => Assert.Equal(0, parameter.grad!.abs().max().item<float>()));
        model.parameters().First().grad!.fill_(2);
        Assert.Equal(2 * Math.Sqrt(model.parameters().First().numel()), parameters.GradientNorm(), 1e-5);
    }

    [Fact]
    public void A_change_of_the_values_is_a_change_of_the_model()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        using var parameters = new FlatParameters(model);
        var before = Logits(model);
        using (no_grad())
        {
            parameters.Values.mul_(0.5);
        }

        Assert.NotEqual(before, Logits(model));
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
    }

    [Fact]
    public void Replicas_share_values_and_have_gradients_of_their_own()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(seed: 1);
        using var replica = SmallModel.Create(seed: 2);
        using var parameters = new FlatParameters(model);
        parameters.Attach(replica);
        Assert.Equal(Logits(model), Logits(replica));
        Backward(replica, 2);
        Assert.Equal(0, parameters.GradientNorm());
        Backward(model, 1);
        using var alone = SmallModel.Create(seed: 1);
        using var expected = new FlatParameters(alone);
        Backward(alone, 2);
        Assert.Equal(2, parameters.GradientsOfEach.Count);
        Assert.Same(parameters.Gradients, parameters.GradientsOfEach[0]);
        Assert.Equal(Values(expected.Gradients), Values(parameters.GradientsOfEach[1]));
        Assert.NotEqual(Values(expected.Gradients), Values(parameters.Gradients));
        parameters.ZeroGradients();
        Assert.All(replica.parameters(), parameter => Assert.Equal(0, parameter.grad!.abs().max().item<float>()));
    }

    [Fact]
    public void A_replica_of_another_shape_is_refused()
    {
        using var model = SmallModel.Create();
        using var parameters = new FlatParameters(model);
        using var wider = SmallModel.Create(SmallModel.Options() with { FeedForwardDim = 25 });
        using var deeper = SmallModel.Create(SmallModel.Options() with { Decoder = new StackOptions { Layers = 3 } });
        Assert.Throws<ArgumentException>(() => parameters.Attach(wider));
        Assert.Throws<ArgumentException>(() => parameters.Attach(deeper));
    }

    private static float[] Values(Tensor tensor) => [.. tensor.data<float>()];

    private static float[] Logits(Transformer model)
    {
        using var scope = NewDisposeScope();
        return [.. model.Forward(SmallModel.Tokens(2, 4, 1), SmallModel.Tokens(2, 5, 2)).data<float>()];
    }

    private static void Backward(Transformer model, ulong seed)
    {
        using var scope = NewDisposeScope();
        model.Forward(SmallModel.Tokens(2, 4, seed), SmallModel.Tokens(2, 5, seed + 1)).square().sum().backward();
    }
}
