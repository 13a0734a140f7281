using CsCheck;
using TransformerClinic.Training.Distributed;

namespace TransformerClinic.Tests.Training.Distributed;

public class PieceTreeTests
{
    /// <summary>The equation of the tree, written out once more.</summary>
    private static float Tree(float[] g, int a, int b)
    {
        var m = a + (int)Math.Ceiling((b - a) / 2.0);
        return b - a == 1 ? g[a] : Tree(g, a, m) + Tree(g, m, b);
    }

    [Fact]
    public void However_runs_are_cut_their_sums_and_the_rest_of_the_tree_are_the_tree_bit_for_bit() =>
        Gen.Int[1, 64]
            .SelectMany(pieces => Gen.Select(Gen.Float[-1, 1].Array[pieces], Gen.Int[0, pieces].Array[0, 9]))
            .Sample(
                (values, cuts) =>
                {
                    int[] ends = [0, .. cuts.Order(), values.Length];
                    var group = new List<(PieceNode, float)>();
                    foreach (var (first, end) in ends.Zip(ends.Skip(1)))
                    {
                        var own = new List<(PieceNode Node, float Sum)>();
                        for (var piece = first; piece < end; piece++)
                        {
                            var leaf = (new PieceNode(piece, piece + 1), values[piece]);
                            PieceTree.Append(values.Length, own, leaf, (left, right) => left + right);
                        }

                        Assert.Equal(
                            PieceTree.Whole(values.Length, new PieceNode(first, end)),
                            own.Select(node => node.Node)
                        );
                        own.ForEach(node =>
                            PieceTree.Append(values.Length, group, node, (left, right) => left + right)
                        );
                    }

                    Assert.Equal(
                        BitConverter.SingleToUInt32Bits(Tree(values, 0, values.Length)),
                        BitConverter.SingleToUInt32Bits(Assert.Single(group).Item2)
                    );
                }
            );

    [Fact]
    public void Two_four_or_more_processes_with_as_many_pieces_each_have_one_sum_each()
    {
        for (var processes = 1; processes <= 64; processes *= 2)
        {
            for (var pieces = processes; pieces <= 64 * 3; pieces += processes)
            {
                var share = new UpdateShare(pieces, 1, processes);
                Assert.All(
                    Enumerable.Range(0, processes),
                    process => Assert.Equal([share.Of(process)], share.Sums(process))
                );
                Assert.Equal(1, share.Traffic);
            }
        }
    }

    [Theory]
    [InlineData(1, 2, 1, "0-2")]
    [InlineData(2, 2, 4, "0-1 1-2 2-3 3-4")]
    [InlineData(1, 8, 3, "0-2 2-5 5-8")]
    [InlineData(3, 1, 5, "0-0 0-1 1-1 1-2 2-3")]
    public void Each_process_has_a_run_of_neighbors(int accumulate, int parts, int processes, string runs)
    {
        var share = new UpdateShare(accumulate, parts, processes);
        Assert.Equal(
            runs,
            string.Join(' ', Enumerable.Range(0, processes).Select(share.Of).Select(run => $"{run.First}-{run.End}"))
        );
    }

    [Fact]
    public void Uneven_shares_are_told_with_numbers_of_processes_that_are_not()
    {
        Assert.Null(new UpdateShare(1, 8, 4).Advice());
        Assert.Equal(
            "3 processes share 8 pieces unevenly: 1.3 times the traffic; 2, 4 or 8 would not.",
            new UpdateShare(1, 8, 3).Advice()
        );
        Assert.StartsWith("2 of 5 processes have nothing to compute", new UpdateShare(1, 3, 5).Advice());
    }

    [Theory]
    [InlineData(2, 1, 2)]
    [InlineData(2, 2, 4)]
    [InlineData(1, 4, 4)]
    [InlineData(4096, 2, 4096)]
    public void By_default_each_thread_has_a_part(int threads, int processes, int parts) =>
        Assert.Equal(parts, UpdateShare.PartsFor(0, threads, processes));
}
