using TransformerClinic.Common;

namespace TransformerClinic.Interop;

/// <summary>
/// From the rows of another program's embeddings to our ids: our marks first, then the pieces of the source in its
/// order, then those that only the target has.
/// </summary>
internal sealed class PieceRows
{
    private static readonly string[] Marks = ["<s>", "<pad>", "</s>", "<unk>"];

    /// <summary>The rows of two vocabularies, or of one for both.</summary>
    /// <param name="source">The source's pieces by row.</param>
    /// <param name="target">The target's pieces by row.</param>
    /// <exception cref="UserErrorException">A piece occurs twice, or a vocabulary has no end mark.</exception>
    public PieceRows(IReadOnlyList<string> source, IReadOnlyList<string> target)
    {
        var (sourceRows, targetRows) = (RowsOf(source, "source"), RowsOf(target, "target"));
        Pieces =
        [
            .. source.Where(piece => !Marks.Contains(piece)),
            .. target.Where(piece => !Marks.Contains(piece) && !sourceRows.ContainsKey(piece)),
        ];
        string[] all = [.. Marks, .. Pieces];
        Source = [.. all.Select(piece => sourceRows.GetValueOrDefault(piece, -1))];
        Target = [.. all.Select(piece => targetRows.GetValueOrDefault(piece, -1))];
    }

    /// <summary>The pieces after the marks, in the order of ids.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>The row of each id in the source's embedding; -1 for none.</summary>
    public IReadOnlyList<int> Source { get; }

    /// <summary>The row of each id in the target's embedding; -1 for none.</summary>
    public IReadOnlyList<int> Target { get; }

    private static Dictionary<string, int> RowsOf(IReadOnlyList<string> pieces, string side)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < pieces.Count; row++)
        {
            if (!rows.TryAdd(pieces[row], row))
            {
                throw new UserErrorException($"The {side} vocabulary has the piece '{pieces[row]}' twice.");
            }
        }

        foreach (var mark in (string[])["</s>", "<unk>"])
        {
            if (!rows.ContainsKey(mark))
            {
                throw new UserErrorException($"The {side} vocabulary has no {mark}.");
            }
        }

        return rows;
    }
}
