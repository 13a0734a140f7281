using System.Text;
using TransformerClinic.Data;

namespace TransformerClinic.Fuzz;

/// <summary>The reader of parallel text: what it accepts must be the file's lines, every one with its tab.</summary>
internal sealed class PairsTarget() : FileTarget("pairs", "pairs.tsv")
{
    public override IReadOnlyList<byte[]> Seeds { get; } =
    ["Das ist ein Haus.\tThis is a house.\nÖl\toil\n"u8.ToArray(), "\ufeffa\tb\r\n\t\r\n\u2028x\r\ty"u8.ToArray()];

    protected override string Read(string path, byte[] input)
    {
        var pairs = ParallelText.Read(new(path), Folder).Pairs;
        var text = string.Join('\n', pairs.Select(pair => $"{pair.Source}\t{pair.Target}"));
        var whole = Encoding.UTF8.GetString(input).Replace("\r\n", "\n", StringComparison.Ordinal);
        var bare = whole.StartsWith('\ufeff') ? whole[1..] : whole;
        Require(text == (bare.EndsWith('\n') ? bare[..^1] : bare), "the pairs are not the file's lines");
        return $"{Math.Min(pairs.Count, 3)} pairs";
    }
}
