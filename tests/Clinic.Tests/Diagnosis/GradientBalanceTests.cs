using TransformerClinic.Diagnosis;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis;

public class GradientBalanceTests
{
    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Watching_changes_no_bit_of_logits_and_gradients(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(variant);
        var input = Patient.Input();
        byte[] Pass()
        {
            model.zero_grad();
            var logits = model.Forward(input.Source, input.PreviousOutput);
            Patient.Backward(logits);
            return
            [
                .. logits.detach().bytes.ToArray(),
                .. model.parameters().SelectMany(parameter => parameter.grad!.bytes.ToArray()),
            ];
        }

        var plain = Pass();
        using (var gradients = new SublayerGradients())
        {
            using (new SublayerWatch(DiagnosedPass.Of(model, input), gradients.Keep))
            {
                Assert.Equal(plain, Pass());
            }

            Assert.Equal(10, gradients.InBackwardOrder().Count);
        }

        Assert.Equal(plain, Pass());
        Assert.All(
            model.Encoder.Sublayers.Concat(model.Decoder.Sublayers),
            sublayer => Assert.Null(sublayer.Residual.Observer)
        );
    }

    [Fact]
    public void The_last_output_of_a_Post_LN_decoder_has_the_gradient_that_the_projection_gives_it()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.PostLn);
        var input = Patient.Input();

        var last = GradientBalance.Measure(model, input, Patient.Backward).Sublayers[0];

        // d(sum z^2)/dh = 2 z E for z = h E^T
        using var noGradient = no_grad();
        var byHand = matmul(model.Forward(input.Source, input.PreviousOutput), model.Embeddings.Output);
        Assert.Equal(
            new SublayerPlace(new SublayerAddress(StackName.Decoder, 1, SublayerKind.FeedForward)),
            last.Place
        );
        Assert.Equal(2 * Math.Sqrt(byHand.square().sum().item<double>()), last.Norm, 1e-9 * last.Norm);
    }

    [Fact]
    public void Along_a_Pre_LN_stream_the_gradient_is_that_of_the_branchs_bias_at_each_position()
    {
        // One position a stack: the bias of the outer matrix is then added to the stream just once.
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.PreLn);
        var found = GradientBalance.Measure(
            model,
            new ModelInput(SmallModel.Tokens(1, 1, 1), SmallModel.Tokens(1, 1, 2)),
            Patient.Backward
        );
        var sublayers = found
            .Sublayers.Where(gradient => gradient.Place.Address?.Kind == SublayerKind.FeedForward)
            .ToList();

        Assert.Equal(4, sublayers.Count);
        Assert.All(
            sublayers,
            gradient =>
                Assert.Equal(
                    found
                        .Parameters.Single(parameter =>
                            parameter.Name == $"{gradient.Place.Address!.Value.Path}.branch.outer.bias"
                        )
                        .Norm,
                    gradient.Norm,
                    1e-9 * gradient.Norm
                )
        );
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Groups_hold_every_parameter_once(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(variant);
        var input = Patient.Input();

        var found = GradientBalance.Measure(model, input, Patient.Backward);

        Assert.Equal(0, model.parameters().Sum(parameter => parameter.grad!.abs().sum().item<double>()));
        Patient.Backward(model.Forward(input.Source, input.PreviousOutput));
        var total = model.parameters().Sum(parameter => parameter.grad!.square().sum().item<double>());
        Assert.Equal(total, found.Groups.Sum(group => group.Norm * group.Norm), 1e-9 * total);
        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), found.Groups.Sum(group => group.Elements));
    }

    [Fact]
    public void Queries_keys_and_values_are_told_apart()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.Admin);
        var input = Patient.Input();

        var found = GradientBalance.Measure(model, input, Patient.Backward).Parameters;

        Patient.Backward(model.Forward(input.Source, input.PreviousOutput));
        const string Name = "decoder.layers.1.cross_attention.branch.input_projection.weight";
        var gradient = model.get_parameter(Name)!.grad!;
        var parts = found.Where(parameter => parameter.Name == Name).ToList();
        Assert.Equal(
            [ParameterGroup.Query, ParameterGroup.Key, ParameterGroup.Value],
            parts.Select(part => part.Group)
        );
        Assert.All(
            parts.Index(),
            part =>
                Assert.Equal(
                    Math.Sqrt(gradient.narrow(0, 16 * part.Index, 16).square().sum().item<double>()),
                    part.Item.Norm,
                    1e-10
                )
        );
    }

    [Fact]
    public void A_pass_with_dropout_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        model.Dropout.Begin(1);

        Assert.Throws<InvalidOperationException>(() =>
            GradientBalance.Measure(model, Patient.Input(), Patient.Backward)
        );
    }

    [Fact]
    public void A_loss_that_does_not_depend_on_a_sublayer_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();

        var refused = Assert.Throws<InvalidOperationException>(() =>
            GradientBalance.Measure(model, Patient.Input(), _ => { })
        );
        Assert.Contains("decoder layer 2, feed-forward.", refused.Message, StringComparison.Ordinal);
    }
}
