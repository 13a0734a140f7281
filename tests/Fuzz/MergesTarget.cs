using TransformerClinic.Text;

namespace TransformerClinic.Fuzz;

/// <summary>The reader of merges: what it accepts cuts every word into parts that are the word.</summary>
internal sealed class MergesTarget() : FileTarget("merges", "codes")
{
    private static readonly string[] Words = ["a", "abcab", "über", "</w>", "x</w>", "\U0001F600\u0308a", "aaaaaaa"];

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        "#version: 0.2\na b\nab c</w>\na a\n"u8.ToArray(),
        "a b\nab c\nc </w>\na a\n"u8.ToArray(),
        "a b 12\nab c</w> 7\nü b 3\n"u8.ToArray(),
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Random random) =>
        ByteMutator.Mutate(input, other, random);

    protected override string Read(string path, byte[] input)
    {
        var merges = WordMergesFile.Read(path);
        var model = new WordPartsModel(["a@@", "b"], merges, merges, [], []);
        foreach (var word in Words)
        {
            Require(string.Concat(merges.Cut(word)) == word, "the parts of a word are not the word");
            Require(model.Encode(word).Length == merges.Cut(word).Count, "a part has no id");
        }

        return $"{Math.Min(merges.Pairs.Count, 3)} pairs{(merges.EndIsApart ? ", end apart" : "")}";
    }
}
