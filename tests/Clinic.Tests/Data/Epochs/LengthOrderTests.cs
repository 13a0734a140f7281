using CsCheck;
using TransformerClinic.Data;
using TransformerClinic.Data.Epochs;

namespace TransformerClinic.Tests.Data.Epochs;

public class LengthOrderTests
{
    [Fact]
    public void The_order_is_that_of_its_definition_with_a_stable_sort()
    {
        var lengths = Gen.OneOf(Gen.Int[1, 6], Gen.Int[1, 100_000], Gen.Int[int.MaxValue - 2, int.MaxValue]);
        Gen.Select(lengths, lengths)
            .Array[0, 300]
            .Select(Gen.Int[0, 1000])
            .Sample(
                (pairs, seed) =>
                {
                    var all = new Lengths(pairs);
                    var order = Enumerable.Range(0, pairs.Length).ToArray();
                    new Random(seed).Shuffle(order);
                    int[] expected =
                    [
                        .. order
                            .OrderBy(i => Math.Max(pairs[i].Item1, pairs[i].Item2))
                            .ThenBy(i => pairs[i].Item1)
                            .ThenByDescending(i => pairs[i].Item2),
                    ];

                    LengthOrder.Sort(all, order);

                    Assert.Equal(expected, order);
                }
            );
    }

    private sealed class Lengths((int Source, int Target)[] pairs) : IIdPairs
    {
        public int SourceLength(int pair) => pairs[pair].Source;

        public int TargetLength(int pair) => pairs[pair].Target;

        public void CopySource(int pair, Span<long> to) => throw new NotSupportedException();

        public void CopyTarget(int pair, Span<long> to) => throw new NotSupportedException();
    }
}
