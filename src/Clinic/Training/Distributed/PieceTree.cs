namespace TransformerClinic.Training.Distributed;

/// <summary>
/// The order in which the gradients g of an update's P pieces are added, whoever has computed them:
/// <c>G = T(0, P)</c> with <c>T(a, a + 1) = g_a</c> and <c>T(a, b) = T(a, m) + T(m, b)</c>, the first half being the
/// larger one: <c>m = a + ceil((b - a) / 2)</c>. Halves, so that 2, 4, 8, .. processes of which each has as many pieces
/// have one sum each.
/// </summary>
internal static class PieceTree
{
    /// <summary>
    /// The largest nodes that lie wholly in a run of neighboring pieces, in their order: what can be added up without
    /// the other pieces.
    /// </summary>
    /// <param name="pieces">All pieces of the update.</param>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<PieceNode> Whole(int pieces, PieceNode run)
    {
        var found = new List<PieceNode>();
        if (pieces > 0)
        {
            Collect(new PieceNode(0, pieces), run, found);
        }

        return found;
    }

    /// <summary>Whether two nodes are the halves of one.</summary>
    /// <param name="pieces">All pieces of the update.</param>
    /// <param name="left">The node that comes first.</param>
    /// <param name="right">The node that begins where the first one ends.</param>
    public static bool AreHalves(int pieces, PieceNode left, PieceNode right)
    {
        var node = new PieceNode(0, pieces);
        while (node.Length > 1)
        {
            var middle = node.Middle;
            if (left == new PieceNode(node.First, middle) && right == new PieceNode(middle, node.End))
            {
                return true;
            }

            node = left.First < middle ? new PieceNode(node.First, middle) : new PieceNode(middle, node.End);
        }

        return false;
    }

    /// <summary>Adds a node to the nodes before it, as far as halves of one are there.</summary>
    /// <param name="pieces">All pieces of the update.</param>
    /// <param name="nodes">The nodes before it with their sums, in their order.</param>
    /// <param name="next">The node that follows them.</param>
    /// <param name="add">Adds the sums of two halves.</param>
    public static void Append<T>(
        int pieces,
        List<(PieceNode Node, T Sum)> nodes,
        (PieceNode Node, T Sum) next,
        Func<T, T, T> add
    )
    {
        while (nodes.Count > 0 && AreHalves(pieces, nodes[^1].Node, next.Node))
        {
            var (left, sum) = nodes[^1];
            nodes.RemoveAt(nodes.Count - 1);
            next = (new PieceNode(left.First, next.Node.End), add(sum, next.Sum));
        }

        nodes.Add(next);
    }

    private static void Collect(PieceNode node, PieceNode run, List<PieceNode> found)
    {
        if (node.First >= run.First && node.End <= run.End)
        {
            found.Add(node);
        }
        else if (node.First < run.End && run.First < node.End)
        {
            Collect(new PieceNode(node.First, node.Middle), run, found);
            Collect(new PieceNode(node.Middle, node.End), run, found);
        }
    }
}

/// <summary>Neighboring pieces of an update.</summary>
/// <param name="First">The first of them.</param>
/// <param name="End">The piece after the last of them.</param>
internal readonly record struct PieceNode(int First, int End)
{
    /// <summary>How many they are.</summary>
    public int Length => End - First;

    /// <summary>Where the second half begins.</summary>
    public int Middle => First + ((Length + 1) / 2);
}
