using CsCheck;
using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

/// <summary>
/// A model that computes with kernels in float32 against one with the same weights and dropout masks that computes by
/// libtorch's operators in float64, with autograd's gradients: embeddings, attention, feed-forward, output projection.
/// </summary>
public class ModelKernelsTests
{
    private static readonly ResidualVariant[] Variants =
    [
        ResidualVariant.Admin,
        ResidualVariant.PostLn,
        ResidualVariant.PreLn,
    ];

    private static readonly Gen<Case> Cases =
        from rows in Gen.Int[1, 3]
        from source in Gen.Int[1, 20]
        from target in Gen.Int[1, 20]
        from layers in Gen.Int[1, 2]
        from heads in Gen.Int[1, 3]
        from vectors in Gen.Int[1, 2]
        from hidden in Gen.Int[1, 6]
        from variant in Gen.Int[0, 2].Select(i => Variants[i])
        from activation in Gen.Int[0, 2].Select(i => i == 0 ? Activation.Gelu : Activation.Relu)
        from drops in Gen.Bool
        from isPadded in Gen.Bool
        from hasGradients in Gen.Bool
        from seed in Gen.Int[0, 1000]
        select new Case(
            rows,
            source,
            target,
            Options(layers, heads, vectors, hidden, variant, activation, drops),
            isPadded,
            hasGradients,
            seed
        );

    [Fact]
    public void Logits_and_gradients_are_those_of_the_operators() =>
        Cases.Sample(
            one =>
            {
                using var scope = NewDisposeScope();
                using var kernels = Model(one);
                using var operators = Model(one);
                operators.Dropout.ByOperators = true;
                operators.to(ScalarType.Float64);
                if (one.HasGradients)
                {
                    GiveGradients(kernels);
                }

                var logits = Logits(kernels, one);
                var expected = Logits(operators, one);
                AssertClose("logits", expected, logits);
                using var generator = new Generator((ulong)one.Seed);
                var gradient = randn(logits.shape, generator: generator);
                logits.backward([gradient]);
                expected.backward([gradient.to(ScalarType.Float64)]);
                foreach (var ((name, exact), parameter) in operators.named_parameters().Zip(kernels.parameters()))
                {
                    AssertClose(name, exact.grad!, parameter.grad!);
                }
            },
            iter: 60
        );

    [Fact]
    public void Without_gradients_a_model_computes_the_same_number_for_number()
    {
        using var scope = NewDisposeScope();
        var one = new Case(
            3,
            7,
            9,
            Options(3, 2, 1, 3, ResidualVariant.Admin, Activation.Relu, drops: true),
            IsPadded: true,
            HasGradients: true,
            Seed: 3
        );
        using var model = Model(one);
        var traced = Logits(model, one).detach().data<float>().ToArray();
        using var noGradient = no_grad();
        Assert.Equal(traced, Logits(model, one).data<float>().ToArray());
    }

    [Fact]
    public void A_token_without_an_embedding_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            model.Encode(full([1, 2], SmallModel.Words, ScalarType.Int64))
        );
    }

    private static ModelOptions Options(
        int layers,
        int heads,
        int vectors,
        int hidden,
        ResidualVariant variant,
        Activation activation,
        bool drops
    )
    {
        var rate = drops ? 0.2 : 0;
        return SmallModel.Options(variant) with
        {
            Encoder = new StackOptions { Layers = layers, Variant = variant },
            Decoder = new StackOptions { Layers = layers, Variant = variant },
            Dim = 16 * heads * vectors,
            Heads = heads,
            FeedForwardDim = 16 * hidden,
            Activation = activation,
            Dropout = rate,
            AttentionDropout = rate,
            ActivationDropout = rate,
        };
    }

    private static Transformer Model(Case one)
    {
        var model = SmallModel.Create(one.Options, one.Seed);
        using var noGradient = no_grad();
        using var generator = new Generator((ulong)one.Seed);
        foreach (var parameter in model.parameters())
        {
            parameter.add_(randn(parameter.shape, generator: generator).mul_(0.05)); // biases, too, are not zero
        }

        return model;
    }

    private static void GiveGradients(Transformer model)
    {
        foreach (var parameter in model.parameters())
        {
            parameter.grad = zeros_like(parameter);
        }
    }

    /// <summary>Logits of all target positions, <c>[rows * target, vocabulary]</c>.</summary>
    private static Tensor Logits(Transformer model, Case one)
    {
        var source = SmallModel.Tokens(one.Rows, one.Source, (ulong)one.Seed);
        var previous = SmallModel.Tokens(one.Rows, one.Target, (ulong)one.Seed + 1);
        if (one.IsPadded)
        {
            source = cat([source, SmallModel.Padding(one.Rows, 2)], 1);
            previous = cat([previous, SmallModel.Padding(one.Rows, 3)], 1);
        }

        model.Dropout.Begin((ulong)one.Seed);
        var hidden = model.Decode(previous, model.Encode(source)).view(-1, model.Options.Dim);
        var logits = model.Project(hidden);
        model.Dropout.End();
        return logits;
    }

    private static void AssertClose(string what, Tensor expected, Tensor actual)
    {
        var largest = Math.Max(1, expected.abs().max().item<double>());
        var difference = (expected - actual.to(ScalarType.Float64)).abs().max().item<double>() / largest;
        Assert.True(difference < 5e-5, $"{what}: {difference}");
    }

    private sealed record Case(
        int Rows,
        int Source,
        int Target,
        ModelOptions Options,
        bool IsPadded,
        bool HasGradients,
        int Seed
    );
}
