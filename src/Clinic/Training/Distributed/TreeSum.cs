using System.Numerics;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Distributed;

/// <summary>Sums of nodes of a <see cref="PieceTree"/>, added in place in the order of the tree.</summary>
internal static class TreeSum
{
    /// <summary>Adds up, as far as halves of one node are there, in one pass over memory.</summary>
    /// <param name="pieces">All pieces of the update.</param>
    /// <param name="nodes">Neighboring nodes in their order, each a flat tensor; they are overwritten.</param>
    /// <param name="target">The one of the tensors that a sum is to end in where that is open; null for none.</param>
    /// <param name="squares">
    /// Where the target's sum of squares of each block goes (<see cref="BlockNorm"/>), for flat tensors that
    /// <see cref="MemoryPass"/> reaches; null for nowhere.
    /// </param>
    /// <returns>What is left, each in the tensor of one of its nodes.</returns>
    public static IReadOnlyList<(PieceNode Node, Tensor Sum)> Of(
        int pieces,
        IReadOnlyList<(PieceNode Node, Tensor Sum)> nodes,
        Tensor? target = null,
        double[]? squares = null
    )
    {
        var additions = new List<(int Into, int From)>();
        var sums = new List<(PieceNode Node, int Sum)>();
        foreach (var (i, (node, _)) in nodes.Index())
        {
            PieceTree.Append(
                pieces,
                sums,
                (node, i),
                (left, right) =>
                {
                    // The sum of two floats is the same either way round.
                    var (into, from) = ReferenceEquals(nodes[right].Sum, target) ? (right, left) : (left, right);
                    additions.Add((into, from));
                    return into;
                }
            );
        }

        Make(additions, [.. nodes.Select(node => node.Sum)], target, squares);
        return [.. sums.Select(sum => (sum.Node, nodes[sum.Sum].Sum))];
    }

    private static void Make(List<(int Into, int From)> additions, Tensor[] tensors, Tensor? target, double[]? squares)
    {
        if (additions.Count == 0)
        {
            return;
        }

        if (Array.TrueForAll(tensors, MemoryPass.Reaches))
        {
            var (all, last) = (additions.ToArray(), Array.FindIndex(tensors, one => ReferenceEquals(one, target)));
            MemoryPass.Run(
                chunk =>
                {
                    foreach (var (into, from) in all)
                    {
                        Add(chunk[into], chunk[from]);
                    }

                    if (squares is not null)
                    {
                        squares[chunk.Number] = BlockNorm.SumOfSquares(chunk[last]);
                    }
                },
                tensors
            );
            return;
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        additions.ForEach(addition => tensors[addition.Into].add_(tensors[addition.From], HeldScalars.One));
    }

    private static void Add(Span<float> into, ReadOnlySpan<float> from)
    {
        var width = Vector<float>.Count;
        var i = 0;
        for (; i <= into.Length - width; i += width)
        {
            (new Vector<float>(into[i..]) + new Vector<float>(from[i..])).CopyTo(into[i..]);
        }

        for (; i < into.Length; i++)
        {
            into[i] += from[i];
        }
    }
}
