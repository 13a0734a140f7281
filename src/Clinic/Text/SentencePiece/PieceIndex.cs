namespace TransformerClinic.Text.SentencePiece;

/// <summary>
/// Finds pieces by their bytes: their numbers, sorted by their texts, so that the pieces that begin with some bytes are
/// a range. It takes 4 bytes for a piece.
/// </summary>
internal sealed class PieceIndex
{
    private readonly PieceTable _pieces;
    private readonly int[] _sorted;
    private readonly int[] _starts = new int[byte.MaxValue + 2];

    /// <summary>No piece.</summary>
    public const int None = -1;

    /// <summary>An index of some pieces.</summary>
    /// <exception cref="InvalidDataException">Two have the same text.</exception>
    public PieceIndex(PieceTable pieces, params PieceType[] types)
    {
        _pieces = pieces;
        _sorted = new int[pieces.OfType(types).Count()];
        foreach (var (i, number) in pieces.OfType(types).Index())
        {
            _sorted[i] = number;
        }

        _sorted.AsSpan().Sort((a, b) => pieces.TextOf(a).SequenceCompareTo(pieces.TextOf(b)));
        for (var i = 1; i < _sorted.Length; i++)
        {
            if (pieces.TextOf(_sorted[i]).SequenceEqual(pieces.TextOf(_sorted[i - 1])))
            {
                throw new InvalidDataException($"Its pieces {_sorted[i - 1]} and {_sorted[i]} are the same.");
            }
        }

        for (var first = 0; first <= byte.MaxValue; first++)
        {
            _starts[first + 1] = LowerBound(_starts[first], _sorted.Length, 0, first + 1);
        }
    }

    /// <summary>The range of all pieces.</summary>
    public Range Root => new(0, _sorted.Length, 0);

    /// <summary>Those of a range that continue with a byte; an empty range where none does.</summary>
    public Range Child(Range range, byte next) =>
        range.Depth == 0 ? new Range(_starts[next], _starts[next + 1], 1)
        : range.IsEmpty ? range
        : Within(range, next);

    /// <summary>The piece that is a range's bytes and no more, or <see cref="None"/>.</summary>
    public int PieceAt(Range range) =>
        !range.IsEmpty && _pieces.TextOf(_sorted[range.First]).Length == range.Depth ? _sorted[range.First] : None;

    /// <summary>The piece of a text, or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        var range = Root;
        for (var i = 0; i < text.Length && !range.IsEmpty; i++)
        {
            range = Child(range, text[i]);
        }

        return PieceAt(range);
    }

    /// <summary>The length in bytes of the longest piece that a text begins with, and the piece; 0 for none.</summary>
    public int Longest(ReadOnlySpan<byte> text, out int piece)
    {
        var (length, range) = (0, Root);
        piece = None;
        for (var i = 0; i < text.Length && !range.IsEmpty; i++)
        {
            range = Child(range, text[i]);
            if (PieceAt(range) is not None and var found)
            {
                (length, piece) = (i + 1, found);
            }
        }

        return length;
    }

    private Range Within(Range range, byte next)
    {
        var (first, end, depth) = range;
        if (ByteAt(first, depth) == next && ByteAt(end - 1, depth) == next)
        {
            return new Range(first, end, depth + 1);
        }

        first = LowerBound(first, end, depth, next);
        return new Range(first, LowerBound(first, end, depth, next + 1), depth + 1);
    }

    /// <summary>The first place from which on all bytes at a depth are at least a value.</summary>
    private int LowerBound(int first, int end, int depth, int value)
    {
        while (first < end)
        {
            var middle = (first + end) >>> 1;
            if (ByteAt(middle, depth) < value)
            {
                first = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        return first;
    }

    /// <summary>A byte of a text; -1 after its end, which comes before all bytes.</summary>
    private int ByteAt(int place, int depth)
    {
        var text = _pieces.TextOf(_sorted[place]);
        return depth < text.Length ? text[depth] : -1;
    }

    /// <summary>The pieces that begin with the same bytes.</summary>
    /// <param name="First">The first of them, in the order of texts.</param>
    /// <param name="End">The one after the last.</param>
    /// <param name="Depth">How many bytes are the same.</param>
    public readonly record struct Range(int First, int End, int Depth)
    {
        /// <summary>Whether no piece begins so.</summary>
        public bool IsEmpty => First == End;
    }
}
