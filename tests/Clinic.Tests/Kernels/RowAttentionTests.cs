using CsCheck;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Kernels;

/// <summary>The kernel against the equation in libtorch's operators, which compute float64.</summary>
public unsafe class RowAttentionTests
{
    [Fact]
    public void Attention_is_the_equations_for_any_heads_and_places() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 70], Gen.Int[1, 12].Array[1, 20], Gen.Int[0, 1000])
            .Sample(
                (heads, headDim, places, seed) =>
                {
                    using var scope = NewDisposeScope();
                    using var generator = new Generator((ulong)seed);
                    var dim = heads * headDim;
                    var (query, rows) = (randn(dim, generator: generator), randn(13, 2 * dim, generator: generator));
                    var context = zeros(dim);
                    RowAttention.Attend(
                        TensorMemory.Of<float>(query),
                        TensorMemory.Of<float>(rows),
                        2 * dim,
                        places,
                        dim,
                        heads,
                        TensorMemory.Of<float>(context)
                    );

                    var chosen = rows.index_select(0, tensor(Array.ConvertAll(places, place => (long)place)))
                        .to(ScalarType.Float64)
                        .view(places.Length, 2, heads, headDim);
                    var (keys, values) = (chosen.select(1, 0).transpose(0, 1), chosen.select(1, 1).transpose(0, 1));
                    var weights = matmul(keys, query.to(ScalarType.Float64).view(heads, headDim, 1)).softmax(1);
                    var expected = (weights * values).sum(1).flatten();
                    Assert.InRange((expected - context.to(ScalarType.Float64)).abs().max().item<double>(), 0, 1e-5);
                }
            );
}
