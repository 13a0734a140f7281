using CsCheck;
using TransformerClinic.Kernels;
using TransformerClinic.Training.Loss;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Loss;

public class LabelSmoothedCrossEntropyTests
{
    [Fact]
    public void Loss_and_gradient_are_those_of_autograd() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[2, 30], Gen.Double[0, 0.9], Gen.Int[1, 1000])
            .Sample(
                (tokens, vocabulary, smoothing, seed) =>
                {
                    using var scope = NewDisposeScope();
                    using var random = new Generator((ulong)seed, CPU);
                    var logits = (
                        randn(tokens, vocabulary, dtype: ScalarType.Float64, generator: random) * 3
                    ).requires_grad_();
                    var targets = randint(0, vocabulary, [tokens], dtype: ScalarType.Int64, generator: random);
                    var expected = nn.functional.cross_entropy(
                        logits,
                        targets,
                        reduction: nn.Reduction.Sum,
                        label_smoothing: smoothing
                    );
                    var nll = nn.functional.cross_entropy(logits, targets, reduction: nn.Reduction.Sum);
                    expected.backward();

                    var loss = LabelSmoothedCrossEntropy.Evaluate(logits, targets, smoothing, withGradient: true);

                    Assert.Equal(expected.item<double>(), loss.Loss, 1e-11);
                    Assert.Equal(nll.item<double>(), loss.Nll, 1e-11);
                    Assert.True((loss.Gradient! - logits.grad!).abs().max().item<double>() < 1e-12);
                },
                iter: 50
            );

    [Fact]
    public void The_equation_term_by_term()
    {
        using var scope = NewDisposeScope();
        double[] logits = [0.5, -1, 2];
        var probabilities = logits.Select(logit => Math.Exp(logit) / logits.Sum(Math.Exp)).ToArray();
        var loss = LabelSmoothedCrossEntropy.Evaluate(
            tensor(logits, [1, 3]),
            tensor([1L]),
            smoothing: 0.3,
            withGradient: true
        );
        Assert.Equal(-Math.Log(probabilities[1]), loss.Nll, 1e-14);
        Assert.Equal((0.7 * loss.Nll) + (0.1 * -probabilities.Sum(Math.Log)), loss.Loss, 1e-14);
        double[] gradient = [probabilities[0] - 0.1, probabilities[1] - 0.1 - 0.7, probabilities[2] - 0.1];
        Assert.Equal(gradient, loss.Gradient!.data<double>(), (a, b) => Math.Abs(a - b) < 1e-15);
    }

    [Fact]
    public void Extreme_logits_neither_overflow_nor_lose_the_loss()
    {
        using var scope = NewDisposeScope();
        var logits = tensor([3e4f, -3e4f, 0f], [1, 3]);
        var right = LabelSmoothedCrossEntropy.Evaluate(logits, tensor([0L]), smoothing: 0, withGradient: true);
        var wrong = LabelSmoothedCrossEntropy.Evaluate(logits, tensor([1L]), smoothing: 0, withGradient: true);
        Assert.Equal(0, right.Nll, 1e-6); // in float32 the exponential of 0 may be a neighbour of 1
        Assert.Equal(6e4, wrong.Nll, 1e-6);
        Assert.Equal(
            [0f, 0f, 0f],
            right.Gradient!.data<float>().ToArray().Select(value => value is > -1e-6f and < 1e-6f ? 0 : value)
        );
        Assert.Equal([1f, -1f, 0f], wrong.Gradient!.data<float>());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void In_place_of_the_logits_the_gradient_is_the_same(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (logits, targets) = (randn([3, 37]).to(type).requires_grad_(), tensor([0L, 36L, 5L]));
        var expected = LabelSmoothedCrossEntropy.Evaluate(logits, targets, 0.1, withGradient: true);
        Assert.NotEqual(TensorMemory.Address(logits), TensorMemory.Address(expected.Gradient!));
        var actual = LabelSmoothedCrossEntropy.Evaluate(logits, targets, 0.1, withGradient: true, inPlace: true);
        Assert.Equal(TensorMemory.Address(logits), TensorMemory.Address(actual.Gradient!));
        Assert.Equal((expected.Loss, expected.Nll), (actual.Loss, actual.Nll));
        Assert.Equal(expected.Gradient!.bytes.ToArray(), actual.Gradient!.bytes.ToArray());
    }

    [Fact]
    public void Without_a_gradient_none_is_made_and_the_logits_graph_is_left_alone()
    {
        using var scope = NewDisposeScope();
        var logits = randn([2, 5], requires_grad: true);
        Assert.Null(LabelSmoothedCrossEntropy.Evaluate(logits, tensor([0L, 1L]), 0.1, withGradient: false).Gradient);
        Assert.Null(logits.grad);
    }
}
