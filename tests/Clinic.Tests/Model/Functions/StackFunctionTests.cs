using TransformerClinic.Model;
using TransformerClinic.Model.Functions;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model.Functions;

/// <summary>
/// A stack as one function against the same model computed sublayer by sublayer, as it is while somebody looks on.
/// </summary>
public class StackFunctionTests
{
    [Theory]
    [InlineData(ResidualVariant.Admin)]
    [InlineData(ResidualVariant.PostLn)]
    public void Logits_and_gradients_are_those_of_the_sublayers_to_the_bit(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Model(variant);
        foreach (var parameter in model.parameters())
        {
            parameter.grad = full_like(parameter, 0.25); // what is there is added to
        }

        AssertSame(Pass(model, lookOn: true), Pass(model, lookOn: false));
    }

    [Fact]
    public void Parameters_without_a_gradient_get_one_and_frozen_ones_get_none()
    {
        using var scope = NewDisposeScope();
        using var model = Model(ResidualVariant.Admin);
        var frozen = model.get_parameter("encoder.layers.1.feed_forward.branch.inner.weight")!;
        var norm = model.get_parameter("decoder.layers.0.cross_attention.residual.norm.weight")!;
        frozen.requires_grad = false;
        norm.requires_grad = false;
        var expected = Pass(model, lookOn: true);
        AssertSame(expected, Pass(model, lookOn: false));
        Assert.True(frozen.grad is null && norm.grad is null);
        Assert.Equal(model.parameters().Count() - 1, expected.Count); // the logits, and all but two
    }

    [Fact]
    public void A_gradient_with_gaps_is_added_to()
    {
        using var scope = NewDisposeScope();
        using var model = Model(ResidualVariant.Admin);
        var weight = model.get_parameter("encoder.layers.0.self_attention.branch.input_projection.weight")!;
        using var expected = Gradient(zeros_like(weight)).add(1);
        using var actual = Gradient(ones(weight.shape[1], weight.shape[0]).t());
        Assert.True(actual.allclose(expected, 1e-6, 1e-6));

        Tensor Gradient(Tensor before)
        {
            weight.grad = before;
            Pass(model, lookOn: false, keepsGradients: true);
            return weight.grad!.clone();
        }
    }

    [Fact]
    public void Parameters_have_gradients_even_if_the_input_asks_for_none()
    {
        using var scope = NewDisposeScope();
        using var model = Model(ResidualVariant.Admin);
        model.Embeddings.Source.requires_grad = false;
        var found = Pass(model, lookOn: false);
        Assert.Equal(model.parameters().Count(), found.Count); // the logits, and all but the embedding
    }

    [Fact]
    public void Two_passes_may_be_open_at_a_time()
    {
        using var scope = NewDisposeScope();
        using var model = Model(ResidualVariant.Admin);
        var first = Pass(model, lookOn: false);
        foreach (var parameter in model.parameters())
        {
            parameter.grad = null;
        }

        using var logits = Logits(model);
        using var other = model.Forward(SmallModel.Tokens(2, 9, 7), SmallModel.Tokens(2, 8, 8));
        logits.backward([Given(logits)]);
        AssertSame(first, [logits, .. model.parameters().Select(parameter => parameter.grad!)]);
    }

    private static Transformer Model(ResidualVariant variant)
    {
        var options = SmallModel.Options(variant) with { Dim = 32, FeedForwardDim = 48 };
        return SmallModel.Create(
            options with
            {
                Encoder = options.Encoder with { Layers = 3 },
                Decoder = options.Decoder with { Layers = 3 },
            }
        );
    }

    /// <summary>Logits and all gradients.</summary>
    private static List<Tensor> Pass(Transformer model, bool lookOn, bool keepsGradients = false)
    {
        var before = model.parameters().Select(parameter => parameter.grad?.clone()).ToList();
        Sublayer[] watched = [model.Encoder.Layers[1].FeedForward, model.Decoder.Layers[1].CrossAttention];
        var told = 0;
        foreach (var sublayer in watched)
        {
            sublayer.Residual.Observer = lookOn ? (_, _, _) => told++ : null;
        }

        using var x = zeros(3, 7, model.Options.Dim);
        Assert.Equal(!lookOn, model.Encoder.Layers.All(layer => layer.IsOfKernels(new StackInputs(x, null))));
        Assert.Equal(!lookOn, model.Decoder.Layers.All(layer => layer.IsOfKernels(new StackInputs(x, null, x, null))));
        var logits = Logits(model);
        Assert.Equal(lookOn ? 2 : 0, told);
        logits.backward([Given(logits)]);
        List<Tensor> found =
        [
            logits,
            .. model.parameters().Where(parameter => parameter.grad is not null).Select(one => one.grad!.clone()),
        ];
        foreach (var (parameter, own) in model.parameters().Zip(before))
        {
            parameter.grad = keepsGradients ? parameter.grad : own;
        }

        return found;
    }

    private static Tensor Logits(Transformer model)
    {
        var source = cat([SmallModel.Tokens(3, 7, 1), SmallModel.Padding(3, 2)], 1);
        var target = cat([SmallModel.Tokens(3, 6, 2), SmallModel.Padding(3, 1)], 1);
        model.Dropout.Begin(5);
        var logits = model.Forward(source, target);
        model.Dropout.End();
        return logits;
    }

    private static Tensor Given(Tensor logits)
    {
        using var random = new Generator(9, CPU);
        return randn(logits.shape, generator: random);
    }

    private static void AssertSame(List<Tensor> expected, List<Tensor> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (one, other) in expected.Zip(actual))
        {
            Assert.Equal(one.data<float>().ToArray(), other.data<float>().ToArray());
        }
    }
}
