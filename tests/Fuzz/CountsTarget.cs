using System.Security.Cryptography;
using TransformerClinic.Data.Parts;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Fuzz;

/// <summary>
/// The reader of a part's counted words: what it accepts must be the same once it is written again. Most inputs have
/// the right hash, or nothing behind it would ever be read.
/// </summary>
internal sealed class CountsTarget() : FileTarget("counts", "part.counts")
{
    private static readonly int Trailer = "sha256 ".Length + (2 * SHA256.HashSizeInBytes) + 1;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Written(
            new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["Haus"] = 3,
                ["das"] = 12,
                ["\u00fc"] = 1,
            }
        ),
        Written([]),
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        var mutated = base.Mutate(input, other, random);
        return random.Next(8) == 0 || mutated.Length < Trailer ? mutated : Sealed(mutated[..^Trailer]);
    }

    protected override string Read(string path, byte[] input)
    {
        var counts = PartCountsFile.Read(path);
        PartCountsFile.Write(path, counts);
        var again = PartCountsFile.Read(path);
        Require(again.Part == counts.Part && again.Normalization == counts.Normalization, "another part");
        Require(again.Text.SequenceEqual(counts.Text), "other text");
        Require(
            again
                .Counts.Words.OrderBy(word => word.Key, StringComparer.Ordinal)
                .SequenceEqual(counts.Counts.Words.OrderBy(word => word.Key, StringComparer.Ordinal)),
            "other words"
        );
        return $"{Math.Min(counts.Counts.Words.Count, 4)} words, {Math.Min(counts.Text.Count, 2)} files";
    }

    private static byte[] Sealed(byte[] text) =>
        [.. text, .. "sha256 "u8, .. Convert.ToHexStringLower(SHA256.HashData(text)).Select(c => (byte)c), (byte)'\n'];

    private static byte[] Written(Dictionary<string, long> words)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            PartCountsFile.Write(
                path,
                new PartCounts(
                    FilePart.Of(0, 2),
                    Normalization.Nfc,
                    [new CountedStretch("train.de", 100, 0, 50, EveryLine: true, new string('a', 64))],
                    new WordCounts(words)
                )
            );
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
