using System.Text;

namespace TransformerClinic.Text.SentencePiece;

/// <summary>
/// The cut of a BPE model of SentencePiece: from characters on, the two neighbors whose join is the piece of the
/// greatest score are joined, the leftmost of several, until no join is a piece.
/// </summary>
internal sealed class MergeSegmenter : IPieceSegmenter
{
    private readonly PieceTable _pieces;
    private readonly PieceIndex _index;
    private readonly PieceIndex _whole;
    private readonly int _unknown;

    /// <summary>A segmenter with a model's pieces.</summary>
    public MergeSegmenter(PieceTable pieces, int unknown, PieceIndex whole)
    {
        (_pieces, _unknown, _whole) = (pieces, unknown, whole);
        _index = new PieceIndex(pieces, PieceType.Normal, PieceType.UserDefined, PieceType.Unused);
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

        // Of an unused piece, the length of the left of the two that it was joined from.
        var unused = new Dictionary<int, int>();
        for (var i = 1; i < symbols.Count; i++)
        {
            Offer(text, symbols, i - 1, i, joins, unused);
        }

        while (joins.TryDequeue(out var join, out _))
        {
            var (left, right) = (symbols[join.Left], symbols[join.Right]);
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != join.Length)
            {
                continue; // one of the two was joined to another neighbor
            }

            symbols[join.Left] = left with { Length = join.Length, Next = right.Next };
            symbols[join.Right] = right with { Length = 0 };
            if (right.Next >= 0)
            {
                symbols[right.Next] = symbols[right.Next] with { Previous = join.Left };
            }

            Offer(text, symbols, left.Previous, join.Left, joins, unused);
            Offer(text, symbols, join.Left, right.Next, joins, unused);
        }

        var cut = new List<(int Length, int Piece)>();
        foreach (var symbol in symbols.Where(symbol => symbol.Length > 0))
        {
            Add(symbol.In(text), unused, cut);
        }

        return cut;
    }

    /// <summary>The characters of a text; a piece that the user defined is one symbol and is joined to none.</summary>
    private List<Symbol> Symbols(ReadOnlySpan<byte> text)
    {
        var symbols = new List<Symbol>();
        for (var start = 0; start < text.Length; start += symbols[^1].Length)
        {
            var length = _whole.Longest(text[start..], out _);
            var isWhole = length > 0;
            if (!isWhole)
            {
                Rune.DecodeFromUtf8(text[start..], out _, out length);
            }

            symbols.Add(new Symbol(start, length, isWhole, symbols.Count - 1, symbols.Count + 1));
        }

        if (symbols.Count > 0)
        {
            symbols[^1] = symbols[^1] with { Next = -1 };
        }

        return symbols;
    }

    private void Offer(
        ReadOnlySpan<byte> text,
        List<Symbol> symbols,
        int left,
        int right,
        PriorityQueue<Join, (float Score, int Left)> joins,
        Dictionary<int, int> unused
    )
    {
        if (left < 0 || right < 0 || symbols[left].IsWhole || symbols[right].IsWhole)
        {
            return;
        }

        var length = symbols[left].Length + symbols[right].Length;
        var number = _index.Find(text.Slice(symbols[left].Start, length));
        if (number == PieceIndex.None)
        {
            return;
        }

        joins.Enqueue(new Join(left, right, length), (_pieces.ScoreOf(number), left));
        if (_pieces.TypeOf(number) == PieceType.Unused)
        {
            unused[number] = symbols[left].Length;
        }
    }

    /// <summary>A piece; one that is not used, as the two that it was joined from.</summary>
    private void Add(ReadOnlySpan<byte> text, Dictionary<int, int> unused, List<(int Length, int Piece)> cut)
    {
        var number = _index.Find(text);
        if (unused.TryGetValue(number, out var left))
        {
            Add(text[..left], unused, cut);
            Add(text[left..], unused, cut);
            return;
        }

        cut.Add((text.Length, number == PieceIndex.None ? _unknown : number));
    }

    /// <summary>A part of the text and its neighbors; without length, it was joined to the one before it.</summary>
    private sealed record Symbol(int Start, int Length, bool IsWhole, int Previous, int Next)
    {
        public ReadOnlySpan<byte> In(ReadOnlySpan<byte> text) => text.Slice(Start, Length);
    }

    private readonly record struct Join(int Left, int Right, int Length);
}
