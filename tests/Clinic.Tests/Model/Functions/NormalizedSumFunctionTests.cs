using CsCheck;
using TransformerClinic.Kernels;
using TransformerClinic.Model.Functions;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model.Functions;

/// <summary>
/// <c>LN(x * s + f * m)</c> in one pass against the same of libtorch's operators, in float64 with autograd's gradients.
/// </summary>
public class NormalizedSumFunctionTests
{
    [Fact]
    public void Output_and_all_gradients_are_those_of_the_equation() =>
        Gen.Select(Gen.Int[1, 7], Gen.Int[1, 5], Gen.Int[0, 1000], Gen.Bool, Gen.Bool, Gen.Bool)
            .Sample(
                (rows, vectors, seed, scaled, drops, bf16) =>
                {
                    using var scope = NewDisposeScope();
                    using var generator = new Generator((ulong)seed);
                    var dim = 16 * vectors;
                    var x = Leaf(randn([2, rows, dim], generator: generator), ScalarType.Float32);
                    var f = Leaf(
                        randn([2, rows, dim], generator: generator),
                        bf16 ? ScalarType.BFloat16 : ScalarType.Float32
                    );
                    var (scale, weight, bias) = (
                        Leaf(rand(dim, generator: generator) + 0.5),
                        Leaf(randn(dim, generator: generator)),
                        Leaf(randn(dim, generator: generator))
                    );
                    DropoutMask? mask = drops ? new DropoutMask((ulong)seed, 3, 0.3) : null;
                    var gradient = randn([2, rows, dim], generator: generator);
                    using var handover = new GradientHandover();

                    var actual = NormalizedSumFunction.Apply(x, f, scaled ? scale : null, weight, bias, mask, handover);
                    actual.backward([gradient]);
                    Tensor[] leaves = scaled ? [x, f, weight, bias, scale] : [x, f, weight, bias];
                    Tensor[] wide = [.. leaves.Select(leaf => Leaf(leaf.detach(), ScalarType.Float64))];
                    var branch = drops ? wide[1] * Elements(mask!.Value, x) : wide[1];
                    var sum = scaled ? (wide[0] * wide[4]) + branch : wide[0] + branch;
                    var expected = nn.functional.layer_norm(sum, [dim], wide[2], wide[3], 1e-5);
                    expected.backward([gradient.to(ScalarType.Float64)]);

                    AssertClose(expected, actual, 1e-5);
                    foreach (var (leaf, exact) in leaves.Zip(wide))
                    {
                        AssertClose(exact.grad!, leaf.grad!, leaf.dtype == ScalarType.BFloat16 ? 8e-3 : 2e-5);
                    }
                }
            );

    [Fact]
    public void Without_gradients_it_is_the_same_number_for_number()
    {
        using var scope = NewDisposeScope();
        using var handover = new GradientHandover();
        var (x, f, weight, bias) = (Leaf(randn(3, 32)), Leaf(randn(3, 32)), Leaf(rand(32)), Leaf(rand(32)));
        var traced = NormalizedSumFunction.Apply(x, f, null, weight, bias, null, handover);
        using var noGradient = no_grad();
        var untraced = NormalizedSumFunction.Apply(x, f, null, weight, bias, null, handover);
        Assert.Equal(traced.detach().data<float>().ToArray(), untraced.data<float>().ToArray());
    }

    [Fact]
    public void It_serves_float32_in_whole_vectors_on_the_processor_alone()
    {
        using var scope = NewDisposeScope();
        Assert.True(NormalizedSumFunction.Serves(zeros(2, 32), zeros(2, 32)));
        Assert.True(NormalizedSumFunction.Serves(zeros(2, 32), zeros(2, 32, dtype: ScalarType.BFloat16)));
        Assert.False(NormalizedSumFunction.Serves(zeros(2, 24), zeros(2, 24)));
        Assert.False(
            NormalizedSumFunction.Serves(
                zeros(2, 32, dtype: ScalarType.Float64),
                zeros(2, 32, dtype: ScalarType.Float64)
            )
        );
    }

    private static Tensor Leaf(Tensor values, ScalarType type = ScalarType.Float32) =>
        values.to(type).detach().clone().requires_grad_();

    private static Tensor Elements(DropoutMask mask, Tensor like)
    {
        var elements = new float[like.numel()];
        mask.Fill(elements);
        return tensor(elements).view(like.shape).to(ScalarType.Float64);
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        var largest = Math.Max(1, expected.abs().max().item<double>());
        Assert.InRange((expected - actual.to(ScalarType.Float64)).abs().max().item<double>() / largest, 0, tolerance);
    }
}
