using System.Text;

namespace TransformerClinic.Text.SentencePiece;

/// <summary>
/// The most probable cut of a text (Kudo 2018): <c>argmax sum_i score(piece_i)</c> over all ways to write it in pieces,
/// found from left to right; of two as probable, the one whose last piece is longer. A character that no piece covers
/// costs 10 more than the rarest piece.
/// </summary>
internal sealed class UnigramSegmenter : IPieceSegmenter
{
    private const float UnknownPenalty = 10;

    // Where SentencePiece begins to search for the greatest score: log-probabilities are below.
    private const float SmallestPositive = 1.17549435e-38f;

    private readonly PieceTable _pieces;
    private readonly PieceIndex _index;
    private readonly int _unknown;
    private readonly float _unknownScore;
    private readonly float _greatest;

    /// <summary>A segmenter with a model's pieces.</summary>
    public UnigramSegmenter(PieceTable pieces, int unknown)
    {
        (_pieces, _unknown) = (pieces, unknown);
        var scores = pieces.OfType(PieceType.Normal).Select(pieces.ScoreOf);
        _unknownScore = scores.DefaultIfEmpty().Min() - UnknownPenalty;
        _greatest = scores.Append(SmallestPositive).Max();
        _index = new PieceIndex(pieces, PieceType.Normal, PieceType.UserDefined, PieceType.Unused);
    }

    /// <inheritdoc/>
    public List<(int Length, int Piece)> Cut(ReadOnlySpan<byte> text)
    {
        var best = new Ending[text.Length + 1];
        for (var start = 0; start < text.Length; )
        {
            start += Extend(text, start, best);
        }

        var cut = new List<(int Length, int Piece)>();
        for (var end = text.Length; end > 0; end = best[end].Start)
        {
            cut.Add((end - best[end].Start, best[end].Piece));
        }

        cut.Reverse();
        return cut;
    }

    /// <summary>Considers every piece that begins at a place; the length of the character there, in bytes.</summary>
    private int Extend(ReadOnlySpan<byte> text, int start, Ending[] best)
    {
        Rune.DecodeFromUtf8(text[start..], out _, out var character);
        var (before, range, isPiece) = (best[start].Score, _index.Root, false);
        for (var end = start + 1; end <= text.Length; end++)
        {
            range = _index.Child(range, text[end - 1]);
            if (range.IsEmpty)
            {
                break;
            }

            var number = _index.PieceAt(range);
            if (number == PieceIndex.None || _pieces.TypeOf(number) == PieceType.Unused)
            {
                continue;
            }

            Offer(best, start, end, number, ScoreOf(number, end - start) + before);
            isPiece |= end - start == character;
        }

        if (!isPiece)
        {
            Offer(best, start, start + character, _unknown, _unknownScore + before);
        }

        return character;
    }

    /// <summary>A piece that the user defined is always taken.</summary>
    private double ScoreOf(int number, int length) =>
        _pieces.TypeOf(number) == PieceType.UserDefined ? (length * _greatest) - 0.1 : _pieces.ScoreOf(number);

    /// <summary>Compared in float64 and kept in float32, as in SentencePiece: rounding decides ties.</summary>
    private static void Offer(Ending[] best, int start, int end, int piece, double score)
    {
        if (!best[end].IsReached || score > best[end].Score)
        {
            best[end] = new Ending(start, piece, (float)score, true);
        }
    }

    /// <summary>The best cut of the text up to a place: where its last piece begins, and which it is.</summary>
    private readonly record struct Ending(int Start, int Piece, float Score, bool IsReached);
}
