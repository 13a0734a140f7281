using TransformerClinic.Interop.Protobuf;
using TransformerClinic.Text;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Interop.SentencePiece;

/// <summary>
/// A subword model as SentencePiece's <c>.model</c> (sentencepiece_model.proto, ModelProto): a BPE model with byte
/// fallback whose ids are ours, unchanged. The score of a merge is minus its rank, so SentencePiece merges in our
/// order; a space is U+2581 there.
/// </summary>
/// <remarks>
/// SentencePiece does not normalize with such a file (its normalizer is <c>identity</c>): so it is given
/// text that our normalization was applied to. It differs from ours on two texts: a run of more than 64
/// letters, which ours cuts, and the character U+2581 itself, which is a space to it.
/// </remarks>
internal static class SentencePieceFile
{
    /// <summary>What SentencePiece writes for a space.</summary>
    public const char Space = '\u2581';

    private const int BytePairs = 2;

    /// <summary>The file's content.</summary>
    public static byte[] Of(BytePairModel subwords)
    {
        var model = new ProtobufMessage();
        var vocabulary = subwords.Vocabulary;
        for (var id = 0; id < vocabulary.Count; id++)
        {
            model.Message(
                1,
                new ProtobufMessage()
                    .Text(1, PieceOf(subwords, id))
                    .Float(2, ScoreOf(subwords, id))
                    .Integer(3, (long)TypeOf(id))
            );
        }

        return model.Message(2, Training(vocabulary)).Message(3, Normalization()).ToArray();
    }

    /// <summary>
    /// The piece as other programs' files spell it: U+2581 for a space. A piece that holds a U+2581 of the training
    /// text gets a name that no text is cut into, since it would be taken for a space.
    /// </summary>
    public static string PieceOf(BytePairModel subwords, int id)
    {
        var piece = subwords.Vocabulary[id];
        return piece.Contains(Space, StringComparison.Ordinal) ? $"<reserved_{id}>" : piece.Replace(' ', Space);
    }

    /// <summary>The pieces with their scores, a line each, as SentencePiece lists them in <c>.vocab</c>.</summary>
    public static string List(BytePairModel subwords) =>
        string.Concat(
            Enumerable
                .Range(0, subwords.Vocabulary.Count)
                .Select(id => FormattableString.Invariant($"{PieceOf(subwords, id)}\t{ScoreOf(subwords, id)}\n"))
        );

    private static float ScoreOf(BytePairModel subwords, int id)
    {
        var rank = id - (subwords.Vocabulary.Count - subwords.Merges.Count);
        return rank >= 0 ? -rank : 0;
    }

    private static PieceType TypeOf(int id) =>
        id == Vocabulary.Unknown ? PieceType.Unknown
        : id < Vocabulary.Marks ? PieceType.Control
        : BytePairModel.IsByte(id) ? PieceType.Byte
        : PieceType.Normal;

    private static ProtobufMessage Training(Vocabulary vocabulary) =>
        new ProtobufMessage()
            .Integer(3, BytePairs)
            .Integer(4, vocabulary.Count)
            .Boolean(35, true)
            .Integer(40, Vocabulary.Unknown)
            .Integer(41, Vocabulary.Bos)
            .Integer(42, Vocabulary.EndOfSentence)
            .Integer(43, Vocabulary.Pad);

    private static ProtobufMessage Normalization() =>
        new ProtobufMessage().Text(1, "identity").Boolean(3, true).Boolean(4, true).Boolean(5, true);
}
