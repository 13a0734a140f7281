using CsCheck;
using TransformerClinic.Kernels;
using TransformerClinic.Kernels.Attention;
using TransformerClinic.Model.Functions;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model.Functions;

/// <summary>
/// Attention in one kernel against the same of libtorch's operators, in float64 with autograd's gradients.
/// </summary>
public class AttentionFunctionTests
{
    private static readonly Gen<Case> Cases =
        from batch in Gen.Int[1, 3]
        from queries in Gen.Int[1, 35]
        from keys in Gen.Int[1, 35]
        from heads in Gen.Int[1, 3]
        from vectors in Gen.Int[1, 3]
        from seed in Gen.Int[0, 1000]
        from toSelf in Gen.Bool
        from mask in Gen.Enum<MaskKind>()
        from drops in Gen.Bool
        from bf16 in Gen.Bool
        select new Case(batch, queries, toSelf ? queries : keys, heads, 16 * vectors, seed, toSelf, mask, drops, bf16);

    private enum MaskKind
    {
        None,
        Padding,
        Causal,
        Both,
    }

    [Fact]
    public void Output_and_gradients_are_those_of_the_equation() =>
        Cases.Sample(one =>
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)one.Seed);
            using var handover = new GradientHandover();
            var dim = one.Heads * one.HeadDim;
            var type = one.Bf16 ? ScalarType.BFloat16 : ScalarType.Float32;
            Tensor Random(long length, long width) =>
                Leaf(randn([one.Batch, length, width], generator: generator), type);

            Tensor[] leaves = one.ToSelf
                ? [Random(one.Queries, 3 * dim)]
                : [Random(one.Queries, dim), Random(one.Keys, 2 * dim)];
            var mask = Mask(one, generator);
            DropoutMask? dropout = one.Drops ? new DropoutMask((ulong)one.Seed, 5, 0.3) : null;
            var gradient = randn([one.Batch, one.Queries, dim], generator: generator).to(type);
            var scale = Math.Pow(one.HeadDim, -0.5);
            var attention = new AttentionCall(one.Heads, scale, mask, dropout);

            var actual = one.ToSelf
                ? AttentionFunction.ToSelf(leaves[0], attention, handover)
                : AttentionFunction.ToMemory(leaves[0], leaves[1], attention, handover);
            actual.backward([gradient]);

            Tensor[] wide = [.. leaves.Select(leaf => Leaf(leaf.detach(), ScalarType.Float64))];
            var parts = one.ToSelf ? wide[0].chunk(3, -1) : [wide[0], .. wide[1].chunk(2, -1)];
            var expected = Equation(one, parts, scale, mask, dropout);
            expected.backward([gradient.to(ScalarType.Float64)]);

            AssertClose(expected, actual, one.Bf16 ? 8e-3 : 1e-5);
            foreach (var (leaf, exact) in leaves.Zip(wide))
            {
                AssertClose(exact.grad!, leaf.grad!, one.Bf16 ? 2e-2 : 1e-5);
            }
        });

    [Fact]
    public void Without_gradients_it_is_the_same_number_for_number()
    {
        using var scope = NewDisposeScope();
        using var handover = new GradientHandover();
        var projected = Leaf(randn(2, 7, 96), ScalarType.Float32);
        var traced = AttentionFunction.ToSelf(projected, new AttentionCall(2, 0.25, null, null), handover);
        using var noGradient = no_grad();
        var untraced = AttentionFunction.ToSelf(projected, new AttentionCall(2, 0.25, null, null), handover);
        Assert.Equal(traced.detach().data<float>().ToArray(), untraced.data<float>().ToArray());
    }

    [Fact]
    public void A_sentence_has_the_same_bits_whatever_is_in_its_batch()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var handover = new GradientHandover();
        var projected = randn(3, 19, 96);
        var all = AttentionFunction.ToSelf(projected, new AttentionCall(2, 0.25, null, null), handover);
        var one = AttentionFunction.ToSelf(projected.narrow(0, 1, 1), new AttentionCall(2, 0.25, null, null), handover);
        Assert.Equal(all[1].data<float>().ToArray(), one[0].data<float>().ToArray());
    }

    [Fact]
    public void It_serves_whole_vectors_on_the_processor_with_masks_that_all_heads_share()
    {
        using var scope = NewDisposeScope();
        Assert.True(Serves(zeros(2, 3, 96), 32, null));
        Assert.True(Serves(zeros(2, 3, 96, dtype: ScalarType.BFloat16), 32, zeros(3, 3)));
        Assert.True(Serves(zeros(2, 3, 96), 32, zeros(2, 1, 1, 3)));
        Assert.False(Serves(zeros(2, 3, 96), 24, null));
        Assert.False(Serves(zeros(2, 3, 96, dtype: ScalarType.Float64), 32, null));
        Assert.False(Serves(zeros(2, 3, 96), 32, zeros(2, 4, 3, 3)));
    }

    private static bool Serves(Tensor x, int headDim, Tensor? mask) =>
        AttentionFunction.Serves(x, x, headDim, mask) && !AttentionFunction.Serves(x, zeros(2, 129, 96), headDim, mask);

    private static Tensor? Mask(Case one, Generator generator)
    {
        var padding = zeros(one.Batch, 1, 1, one.Keys);
        if (one.Keys > 1)
        {
            // Never the first key: every query sees something.
            var hidden = rand([one.Batch, 1, 1, one.Keys - 1], generator: generator).lt(0.3);
            padding.narrow(3, 1, one.Keys - 1).masked_fill_(hidden, float.NegativeInfinity);
        }

        var causal = full([one.Queries, one.Keys], float.NegativeInfinity).triu_(1);
        return one.Mask switch
        {
            MaskKind.None => null,
            MaskKind.Padding => padding,
            MaskKind.Causal => causal,
            _ => causal + padding,
        };
    }

    private static Tensor Equation(Case one, Tensor[] parts, double scale, Tensor? mask, DropoutMask? dropout)
    {
        Tensor Heads(Tensor x) => x.view(one.Batch, x.size(1), one.Heads, one.HeadDim).transpose(1, 2);
        var scores = matmul(Heads(parts[0]), Heads(parts[1]).transpose(-2, -1)) * scale;
        var weights = (mask is null ? scores : scores + mask.to(ScalarType.Float64)).softmax(-1);
        if (dropout is { } drops)
        {
            var elements = new float[weights.numel()];
            drops.Fill(elements);
            weights = weights * tensor(elements).view(weights.shape).to(ScalarType.Float64);
        }

        return matmul(weights, Heads(parts[2])).transpose(1, 2).reshape(one.Batch, one.Queries, -1);
    }

    private static Tensor Leaf(Tensor values, ScalarType type) => values.to(type).detach().clone().requires_grad_();

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        var largest = Math.Max(1, expected.abs().max().item<double>());
        Assert.InRange((expected - actual.to(ScalarType.Float64)).abs().max().item<double>() / largest, 0, tolerance);
    }

    private sealed record Case(
        int Batch,
        int Queries,
        int Keys,
        int Heads,
        int HeadDim,
        int Seed,
        bool ToSelf,
        MaskKind Mask,
        bool Drops,
        bool Bf16
    );
}
