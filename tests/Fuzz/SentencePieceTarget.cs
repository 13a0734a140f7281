using System.Buffers.Binary;
using System.Text;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The reader of SentencePiece's models: what it accepts must cut every text into its pieces, and make text of them.
/// </summary>
internal sealed class SentencePieceTarget() : FileTarget("sentencepiece", "pieces.model")
{
    private static readonly string[] Texts =
    [
        "",
        "abc cab",
        " a\u0308  b\u2581c ",
        "\t\u2028x\u0000\U0001F600",
        "<0x41>ab",
    ];

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Model(1, [], Piece("<unk>", 0, 2), Piece("\u2581", -2, 1), Piece("a", -3, 1), Piece("ab", -2.5f, 1)),
        Model(2, [], Piece("<unk>", 0, 2), Piece("ab", -1, 1), Piece("a", -2, 1), Piece("b", -3, 5), Piece("x", 0, 4)),
        Model(1, Map(), Piece("<unk>", 0, 2), Piece("</s>", 0, 3), Piece("b", -1, 1)),
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        ByteMutator.Mutate(input, other, random);

    protected override string Read(string path, byte[] input)
    {
        var model = SentencePieceModel.Load(path);
        foreach (var text in Texts)
        {
            var numbers = model.Encode(text);
            Require(numbers.TrueForAll(number => number >= 0 && number < model.Pieces.Count), "a piece is not one");
            model.Decode(numbers);
            model.Normalize(text);
        }

        for (var number = 0; number < model.Pieces.Count; number++)
        {
            model.TextOf(number);
        }

        return $"{Math.Min(model.Pieces.Count, 3)} pieces";
    }

    private static byte[] Model(byte kind, byte[] map, params byte[][] pieces) =>
        [
            .. pieces.SelectMany(piece => Field(1, piece)),
            .. Field(2, [0x18, kind]),
            .. map.Length == 0 ? [] : Field(3, Field(2, map)),
        ];

    private static byte[] Piece(string text, float score, byte type)
    {
        var bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, score);
        return [.. Field(1, Encoding.UTF8.GetBytes(text)), 0x15, .. bytes, 0x18, type];
    }

    private static byte[] Field(int number, byte[] content) =>
        [(byte)((number << 3) | 2), (byte)content.Length, .. content];

    /// <summary>A map of one unit whose offset leads to 'a', which becomes "b".</summary>
    private static byte[] Map()
    {
        var units = new uint[128];
        units[0] = 1u << 10;
        units[1 ^ 'a'] = 'a' | 0x100 | (2u << 10);
        units[(1 ^ 'a') ^ 2] = 0x80000000;
        var bytes = new byte[units.Length * sizeof(uint)];
        for (var i = 0; i < units.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), units[i]);
        }

        var small = bytes[..((((1 ^ 'a') ^ 2) + 5) * sizeof(uint))];
        return small.Length < 120 ? [(byte)small.Length, 0, 0, 0, .. small, (byte)'b', 0] : [4, 0, 0, 0, 0, 4, 0, 0, 0];
    }
}
