using System.Text;
using CsCheck;
using TransformerClinic.Interop.Protobuf;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Tests.Text.SentencePiece;

public sealed class PieceIndexTests
{
    // Few letters, so that most texts begin like others; one of two bytes, one of three.
    private static readonly Gen<string> Texts = Gen.Int[0, 3]
        .Array[1, 6]
        .Select(letters => string.Concat(letters.Select(letter => "ab\u00e4\u2581"[letter])));

    [Fact]
    public void It_finds_what_a_search_of_all_pieces_finds() =>
        Gen.Select(Texts.HashSet[1, 30], Texts.Array[1, 20])
            .Sample(
                (texts, asked) =>
                {
                    string[] pieces = [.. texts];
                    var index = new PieceIndex(PieceTable.Read(Model(pieces)), PieceType.Normal);
                    foreach (var text in asked)
                    {
                        var longest = pieces
                            .Where(piece => text.StartsWith(piece, StringComparison.Ordinal))
                            .MaxBy(piece => piece.Length);

                        Assert.Equal(Array.IndexOf(pieces, text), index.Find(Encoding.UTF8.GetBytes(text)));
                        Assert.Equal(
                            longest is null ? 0 : Encoding.UTF8.GetByteCount(longest),
                            index.Longest(Encoding.UTF8.GetBytes(text), out var piece)
                        );
                        Assert.Equal(longest is null ? PieceIndex.None : Array.IndexOf(pieces, longest), piece);
                    }
                }
            );

    [Fact]
    public void Pieces_with_the_same_text_are_refused() =>
        Assert.Equal(
            "Its pieces 0 and 2 are the same.",
            Assert
                .Throws<InvalidDataException>(() =>
                    new PieceIndex(PieceTable.Read(Model("ab", "a", "ab")), PieceType.Normal)
                )
                .Message
        );

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_model_takes_at_most_four_times_the_memory_of_its_file(long kind)
    {
        var words = Enumerable.Range(0, 32_000).Select(i => $"\u2581{(i * 2_654_435_761L) % 9_973_007:x}");
        var file = Model([.. words], kind);
        SentencePieceModel.Read(file).Encode("a1");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var model = SentencePieceModel.Read(file);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 3 * file.Length);
        Assert.Equal(32_001, model.Pieces.Count);
    }

    private static byte[] Model(params string[] pieces) => Model(pieces, kind: 1);

    private static byte[] Model(string[] pieces, long kind)
    {
        var model = new ProtobufMessage();
        foreach (var (i, piece) in pieces.Index())
        {
            model.Message(1, new ProtobufMessage().Text(1, piece).Float(2, -i));
        }

        model.Message(1, new ProtobufMessage().Text(1, "<unk>").Integer(3, (long)PieceType.Unknown));
        return model.Message(2, new ProtobufMessage().Integer(3, kind)).ToArray();
    }
}
