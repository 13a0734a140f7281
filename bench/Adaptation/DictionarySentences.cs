using System.Text;
using System.Text.RegularExpressions;
using TransformerClinic.Data;
using TransformerClinic.Files;

namespace TransformerClinic.Bench.Adaptation;

/// <summary>
/// The example sentences of the German-English dictionary of Ding (Debian package <c>trans-de-en</c>), whose lines are
/// <c>de | de | ... :: en | en | ...</c>: everyday language. A part counts as a sentence if both languages start with a
/// capital letter, end with a period, question mark or exclamation mark, and contain no alternatives or remarks.
/// </summary>
internal static partial class DictionarySentences
{
    /// <summary>The sentences, grouped by entry; the entries are in the order of their hashes.</summary>
    public static IReadOnlyList<SentencePair> Read(string path)
    {
        var entries = TextLines
            .Read(path)
            .Where(line => !line.StartsWith('#'))
            .OrderBy(line => ContentHash.Of(Encoding.UTF8.GetBytes(line)), StringComparer.Ordinal);
        return [.. entries.SelectMany(Sentences).DistinctBy(pair => pair.Source).DistinctBy(pair => pair.Target)];
    }

    private static IEnumerable<SentencePair> Sentences(string entry)
    {
        var sides = entry.Split(" :: ");
        var parts = sides.Select(side => side.Split(" | ")).ToList();
        return parts is [var german, var english] && german.Length == english.Length
            ? german
                .Zip(english)
                .Select(pair => new SentencePair(First(pair.First), First(pair.Second)))
                .Where(pair => Sentence().IsMatch(pair.Source) && Sentence().IsMatch(pair.Target))
            : [];
    }

    /// <summary>The first of the alternatives, without remarks on grammar, field and usage.</summary>
    private static string First(string part) => Remark().Replace(part, "").Split("; ")[0].Trim();

    [GeneratedRegex(@"\s*(\[[^\]]*\]|\{[^}]*\}|<[^>]*>)")]
    private static partial Regex Remark();

    [GeneratedRegex(@"\A\p{Lu}[^()\[\]{}<>/;|~]* [^()\[\]{}<>/;|~]* [^()\[\]{}<>/;|~]*[.!?]\z")]
    private static partial Regex Sentence();
}
