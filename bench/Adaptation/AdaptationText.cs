using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Files;

namespace TransformerClinic.Bench.Adaptation;

/// <summary>
/// The text of an adaptation: pairs of the new domain, and pairs of the general domain that the base model was trained
/// on.
/// </summary>
/// <param name="Pool">Pairs of the new domain that a seed draws from.</param>
/// <param name="Valid">Validation pairs of the new domain.</param>
/// <param name="Test">Test pairs of the new domain.</param>
/// <param name="General">Training pairs of the general domain.</param>
/// <param name="GeneralTest">Test pairs of the general domain.</param>
internal sealed record AdaptationText(
    IReadOnlyList<SentencePair> Pool,
    IReadOnlyList<SentencePair> Valid,
    IReadOnlyList<SentencePair> Test,
    IReadOnlyList<SentencePair> General,
    IReadOnlyList<SentencePair> GeneralTest
)
{
    private const int TestPairs = 1000;
    private const int ValidPairs = 500;

    /// <summary>Reads both domains.</summary>
    /// <param name="dictionary">The dictionary whose example sentences are the new domain.</param>
    /// <param name="general">
    /// The folder with the general domain's <c>train.de-en.tsv</c> and <c>test.de-en.tsv</c>.
    /// </param>
    public static AdaptationText Read(string dictionary, string general)
    {
        var sentences = DictionarySentences.Read(dictionary);
        IReadOnlyList<SentencePair> Pairs(string set) =>
            ParallelText.Read(new(Path.Combine(general, $"{set}.de-en.tsv")), Environment.CurrentDirectory).Pairs;
        return new AdaptationText(
            [.. sentences.Skip(TestPairs + ValidPairs)],
            [.. sentences.Skip(TestPairs).Take(ValidPairs)],
            [.. sentences.Take(TestPairs)],
            Pairs("train"),
            Pairs("test")
        );
    }

    /// <summary>Pairs of the new domain by themselves: a given number, drawn by a seed.</summary>
    public IReadOnlyList<SentencePair> Draw(int pairs, long seed) => Draw(Pool, pairs, seed);

    /// <summary>The same pairs, repeated, and equally many pairs of the general domain.</summary>
    public IReadOnlyList<SentencePair> Mix(int pairs, int repeated, long seed) =>
        [
            .. Enumerable.Repeat(Draw(pairs, seed), repeated).SelectMany(drawn => drawn),
            .. Draw(General, pairs * repeated, seed),
        ];

    /// <summary>Writes pairs in the format that a recipe reads.</summary>
    public static void Write(string path, IReadOnlyList<SentencePair> pairs) =>
        AtomicFile.WriteText(path, string.Concat(pairs.Select(pair => TabSeparated.Row(pair.Source, pair.Target))));

    /// <summary>Pairs in the order of their hashes with the seed.</summary>
    private static IReadOnlyList<SentencePair> Draw(IReadOnlyList<SentencePair> from, int count, long seed)
    {
        if (count > from.Count)
        {
            throw new UserErrorException($"There are {from.Count} pairs to draw from, but {count} were requested.");
        }

        string Key(SentencePair pair) => ContentHash.Of(Encoding.UTF8.GetBytes($"{seed} {pair.Source}\t{pair.Target}"));
        return [.. from.OrderBy(Key, StringComparer.Ordinal).Take(count)];
    }
}
