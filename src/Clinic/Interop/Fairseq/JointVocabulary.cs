namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// The one vocabulary of a model that has one dictionary, or one for the source and one for the target: then it is the
/// pieces of both, first the source's in its order, then those that only the target has.
/// </summary>
internal sealed class JointVocabulary
{
    /// <summary>
    /// The row that fairseq takes for a piece that a dictionary does not have: that of the unknown word.
    /// </summary>
    private const int Unknown = 3;

    private const int Marks = 4;

    /// <summary>The vocabulary of two dictionaries, or of one if they are the same.</summary>
    public JointVocabulary(FairseqDictionary source, FairseqDictionary target)
    {
        AreSeparate = !source.Pieces.SequenceEqual(target.Pieces, StringComparer.Ordinal);
        (SourceCount, TargetCount) = (source.Count, target.Count);
        if (!AreSeparate)
        {
            Pieces = [.. source.Pieces.Select((piece, i) => piece ?? Unreachable(i))];
            SourceRows = TargetRows = [.. Enumerable.Range(0, source.Count)];
            OnlySource = OnlyTarget = [];
            return;
        }

        var (sourceRows, targetRows) = (RowsOf(source), RowsOf(target));
        string[] pieces =
        [
            .. source.Pieces.OfType<string>(),
            .. target.Pieces.OfType<string>().Where(piece => !sourceRows.ContainsKey(piece)),
        ];
        Pieces = pieces;
        SourceRows = Rows(pieces, sourceRows);
        TargetRows = Rows(pieces, targetRows);
        OnlySource = Missing(pieces, targetRows);
        OnlyTarget = Missing(pieces, sourceRows);
    }

    /// <summary>Whether source and target have different dictionaries.</summary>
    public bool AreSeparate { get; }

    /// <summary>How many rows the source's embedding has.</summary>
    public int SourceCount { get; }

    /// <summary>How many rows the target's embedding has.</summary>
    public int TargetCount { get; }

    /// <summary>The pieces, from id 4 on.</summary>
    public IReadOnlyList<string> Pieces { get; }

    /// <summary>How many ids there are, with those of the marks.</summary>
    public int Count => Pieces.Count + Marks;

    /// <summary>The row of the source's embedding of each id.</summary>
    public IReadOnlyList<int> SourceRows { get; }

    /// <summary>The row of the target's embedding of each id.</summary>
    public IReadOnlyList<int> TargetRows { get; }

    /// <summary>The ids that only the source has.</summary>
    public IReadOnlyList<int> OnlySource { get; }

    /// <summary>The ids that only the target has.</summary>
    public IReadOnlyList<int> OnlyTarget { get; }

    /// <summary>The name of an id that no text has: with its number, so that it is the only one.</summary>
    private static string Unreachable(int i) => $"<overwritten {i + Marks}>";

    private static Dictionary<string, int> RowsOf(FairseqDictionary dictionary)
    {
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < dictionary.Pieces.Count; i++)
        {
            if (dictionary.Pieces[i] is { } piece)
            {
                rows[piece] = i + Marks;
            }
        }

        return rows;
    }

    private static int[] Rows(IEnumerable<string> pieces, Dictionary<string, int> rows) =>
        [.. Enumerable.Range(0, Marks), .. pieces.Select(piece => rows.GetValueOrDefault(piece, Unknown))];

    private static int[] Missing(string[] pieces, Dictionary<string, int> rows) =>
        [.. pieces.Index().Where(piece => !rows.ContainsKey(piece.Item)).Select(piece => piece.Index + Marks)];
}
