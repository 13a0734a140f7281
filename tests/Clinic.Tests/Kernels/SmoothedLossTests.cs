using CsCheck;
using TransformerClinic.Training.Loss;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Kernels;

/// <summary>The kernel against libtorch's operators, which compute float64.</summary>
public class SmoothedLossTests
{
    [Fact]
    public void Loss_and_gradient_are_those_of_float64_for_any_vocabulary() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[2, 70], Gen.Double[0, 0.9], Gen.Int[0, 1000], Gen.Bool)
            .Sample(
                (rows, vocabulary, smoothing, seed, bf16) =>
                {
                    using var scope = NewDisposeScope();
                    using var generator = new Generator((ulong)seed);
                    var logits = (randn([rows, vocabulary], generator: generator) * 4).to(
                        bf16 ? ScalarType.BFloat16 : ScalarType.Float32
                    );
                    var targets = randint(vocabulary, [rows], dtype: ScalarType.Int64, generator: generator);
                    var expected = LabelSmoothedCrossEntropy.Evaluate(
                        logits.to(ScalarType.Float64),
                        targets,
                        smoothing,
                        withGradient: true
                    );
                    var actual = LabelSmoothedCrossEntropy.Evaluate(logits, targets, smoothing, withGradient: true);

                    Assert.Equal(expected.Loss, actual.Loss, 1e-4);
                    Assert.Equal(expected.Nll, actual.Nll, 1e-4);
                    Assert.Equal(logits.dtype, actual.Gradient!.dtype);
                    var difference = (expected.Gradient! - actual.Gradient.to(ScalarType.Float64))
                        .abs()
                        .max()
                        .item<double>();
                    Assert.InRange(difference, 0, bf16 ? 4e-3 : 1e-6);
                }
            );

    [Fact]
    public void What_is_not_a_number_stays_so()
    {
        using var scope = NewDisposeScope();
        var logits = zeros(1, 40);
        logits[0, 33] = float.NaN;
        var loss = LabelSmoothedCrossEntropy.Evaluate(logits, tensor([0L]), 0.1, withGradient: true);
        Assert.True(double.IsNaN(loss.Loss));
        Assert.True(loss.Gradient!.isnan().any().item<bool>());
    }
}
