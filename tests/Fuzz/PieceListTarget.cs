using TransformerClinic.Interop.Marian;

namespace TransformerClinic.Fuzz;

/// <summary>The reader of Marian's vocabularies in YAML: what it accepts has a piece for every id.</summary>
internal sealed class PieceListTarget() : FileTarget("piece-list", "vocab.yml")
{
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        "\"</s>\": 0\n\"<unk>\": 1\n\",\": 2\n\u2581a: 3\n\"\\u2581\": 4\n"u8.ToArray(),
        "{\"</s>\": 0, \"<unk>\": 1}"u8.ToArray(),
        "models:\n  - a\n  - b\nx: {y: [z]}\n"u8.ToArray(),
    ];

    protected override string Read(string path, byte[] input)
    {
        var pieces = MarianVocabulary.Read(path, size: 0);
        Require(pieces.All(piece => piece is not null), "an id has no piece");
        return $"{Math.Min(pieces.Count, 3)} pieces";
    }
}
