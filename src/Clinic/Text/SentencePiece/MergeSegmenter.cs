using System.Text;

namespace TransformerClinic.Text.SentencePiece;

/// <summary>
/// The cut of a BPE model of SentencePiece: from characters on, the two neighbors whose join is the piece of the
/// greatest score are joined, the leftmost of several, until no join is a piece.
/// </summary>
internal sealed class MergeSegmenter : IPieceSegmenter
{
    private readonly IReadOnlyList<ModelPiece> _pieces;
    private readonly PieceTrie _whole;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly int _unknown;

    /// <summary>A segmenter with a model's pieces.</summary>
    public MergeSegmenter(IReadOnlyList<ModelPiece> pieces, int unknown, PieceTrie whole)
    {
        (_pieces, _unknown, _whole) = (pieces, unknown, whole);
        foreach (var (number, piece) in pieces.Index().Where(entry => entry.Item.IsText))
        {
            _numbers.TryAdd(piece.Text, number);
        }
    }

    /// <inheritdoc/>
    public List<(int Length, int Piece)> Cut(ReadOnlySpan<byte> text)
    {
        var symbols = Symbols(text);
        var joins = new PriorityQueue<Join, (float Score, int Left)>(
            Comparer<(float Score, int Left)>.Create(
                (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Left.CompareTo(b.Left)
            )
        );
        var unused = new Dictionary<string, (string Left, string Right)>(StringComparer.Ordinal);
        for (var i = 1; i < symbols.Count; i++)
        {
            Offer(symbols, i - 1, i, joins, unused);
        }

        while (joins.TryDequeue(out var join, out _))
        {
            var (left, right) = (symbols[join.Left], symbols[join.Right]);
            if (left.Text.Length == 0 || right.Text.Length == 0 || left.Text.Length + right.Text.Length != join.Length)
            {
                continue; // one of the two was joined to another neighbor
            }

            symbols[join.Left] = left with { Text = left.Text + right.Text, Next = right.Next };
            symbols[join.Right] = right with { Text = "" };
            if (right.Next >= 0)
            {
                symbols[right.Next] = symbols[right.Next] with { Previous = join.Left };
            }

            Offer(symbols, left.Previous, join.Left, joins, unused);
            Offer(symbols, join.Left, right.Next, joins, unused);
        }

        var cut = new List<(int Length, int Piece)>();
        foreach (var symbol in symbols.Where(symbol => symbol.Text.Length > 0))
        {
            Add(symbol.Text, unused, cut);
        }

        return cut;
    }

    /// <summary>The characters of a text; a piece that the user defined is one symbol and is joined to none.</summary>
    private List<Symbol> Symbols(ReadOnlySpan<byte> text)
    {
        var symbols = new List<Symbol>();
        while (!text.IsEmpty)
        {
            var length = _whole.Longest(text, out _);
            var isWhole = length > 0;
            if (!isWhole)
            {
                Rune.DecodeFromUtf8(text, out _, out length);
            }

            symbols.Add(
                new Symbol(Encoding.UTF8.GetString(text[..length]), isWhole, symbols.Count - 1, symbols.Count + 1)
            );
            text = text[length..];
        }

        if (symbols.Count > 0)
        {
            symbols[^1] = symbols[^1] with { Next = -1 };
        }

        return symbols;
    }

    private void Offer(
        List<Symbol> symbols,
        int left,
        int right,
        PriorityQueue<Join, (float Score, int Left)> joins,
        Dictionary<string, (string Left, string Right)> unused
    )
    {
        if (left < 0 || right < 0 || symbols[left].IsWhole || symbols[right].IsWhole)
        {
            return;
        }

        var text = symbols[left].Text + symbols[right].Text;
        if (!_numbers.TryGetValue(text, out var number))
        {
            return;
        }

        joins.Enqueue(new Join(left, right, text.Length), (_pieces[number].Score, left));
        if (_pieces[number].Type == PieceType.Unused)
        {
            unused[text] = (symbols[left].Text, symbols[right].Text);
        }
    }

    /// <summary>A piece; one that is not used, as the two that it was joined from.</summary>
    private void Add(
        string text,
        Dictionary<string, (string Left, string Right)> unused,
        List<(int Length, int Piece)> cut
    )
    {
        var number = _numbers.GetValueOrDefault(text, _unknown);
        if (_pieces[number].Type == PieceType.Unused && unused.TryGetValue(text, out var parts))
        {
            Add(parts.Left, unused, cut);
            Add(parts.Right, unused, cut);
            return;
        }

        cut.Add((Encoding.UTF8.GetByteCount(text), number));
    }

    private sealed record Symbol(string Text, bool IsWhole, int Previous, int Next);

    private readonly record struct Join(int Left, int Right, int Length);
}
