using TransformerClinic.Interop.Fairseq;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The reader of fairseq's dictionaries: what it accepts has no piece twice, and joined with another one every piece
/// keeps a row of its own.
/// </summary>
internal sealed class DictionaryTarget() : FileTarget("dictionary", "dict.txt")
{
    private static readonly FairseqDictionary Other = new("other", ["the", "a@@", "haus"]);

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        "the 12\nof 7\n@@a 3\nmadeupword0000 0\n"u8.ToArray(),
        "a 3\nb 2\na 1 #fairseq:overwrite\n"u8.ToArray(),
        "\u2581a 12\r\nä -1\n"u8.ToArray(),
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        ByteMutator.Mutate(input, other, random);

    protected override string Read(string path, byte[] input)
    {
        var dictionary = FairseqDictionary.Read(path);
        var pieces = dictionary.Pieces.OfType<string>().ToList();
        Require(pieces.Distinct(StringComparer.Ordinal).Count() == pieces.Count, "a piece is there twice");
        Require(dictionary.Count == dictionary.Pieces.Count + 4, "the number of ids is wrong");
        foreach (
            var (joint, source, target) in new[]
            {
                (new JointVocabulary(dictionary, dictionary), dictionary, dictionary),
                (new JointVocabulary(dictionary, Other), dictionary, Other),
                (new JointVocabulary(Other, dictionary), Other, dictionary),
            }
        )
        {
            Require(joint.SourceRows.Count == joint.Count && joint.TargetRows.Count == joint.Count, "a row is missing");
            Require(joint.SourceRows.All(row => row >= 0 && row < source.Count), "a row is not the source's");
            Require(joint.TargetRows.All(row => row >= 0 && row < target.Count), "a row is not the target's");
            Require(
                joint.Pieces.Distinct(StringComparer.Ordinal).Count() == joint.Pieces.Count,
                "a piece of the joint vocabulary is there twice"
            );
        }

        return $"{Math.Min(pieces.Count, 3)} pieces{(pieces.Count < dictionary.Pieces.Count ? ", overwritten" : "")}";
    }
}
