using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Scoring.Systems;

/// <summary>Words of similar frequency.</summary>
/// <param name="Frequency">How often they occur, such as <c>5-9</c>.</param>
/// <param name="ReferenceWords">How many of the references' words belong here.</param>
/// <param name="F1">
/// <c>100 * 2 m / (s + r)</c>: m of the system's words occur in the reference of their line, the system has s such
/// words, and the references have r; each word counts at most as often as the reference has it.
/// </param>
internal sealed record FrequencyBucket(string Frequency, int ReferenceWords, ScorePair F1);

/// <summary>
/// How often words occur in a text, such as the target side of the training text, and how well systems translate rare
/// and frequent ones. Words are the tokens of 13a.
/// </summary>
internal sealed class WordFrequencies
{
    private static readonly int[] Starts = [0, 1, 2, 3, 5, 10, 100, 1000];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    private WordFrequencies() { }

    /// <summary>Counts the words of a text.</summary>
    public static WordFrequencies Of(IEnumerable<string> lines)
    {
        var frequencies = new WordFrequencies();
        foreach (var word in lines.SelectMany(Mteval13aTokenizer.Tokenize))
        {
            frequencies._counts[word] = frequencies._counts.GetValueOrDefault(word) + 1;
        }

        return frequencies;
    }

    /// <summary>The buckets in which the references have words, rarest first.</summary>
    internal IReadOnlyList<FrequencyBucket> Compare(ComparedOutputs outputs)
    {
        var (first, second) = (Count(outputs.First, outputs.Reference), Count(outputs.Second, outputs.Reference));
        return
        [
            .. Enumerable
                .Range(0, Starts.Length)
                .Where(bucket => first[bucket].Reference > 0)
                .Select(bucket => new FrequencyBucket(
                    Name(bucket),
                    first[bucket].Reference,
                    new ScorePair("F1", F1(first[bucket]), F1(second[bucket]))
                )),
        ];
    }

    private (int Matches, int System, int Reference)[] Count(
        IReadOnlyList<string> system,
        IReadOnlyList<string> reference
    )
    {
        var counts = new (int Matches, int System, int Reference)[Starts.Length];
        foreach (var (ours, theirs) in system.Zip(reference, (one, other) => (Words(one), Words(other))))
        {
            foreach (var (word, count) in ours)
            {
                counts[BucketOf(word)].System += count;
                counts[BucketOf(word)].Matches += Math.Min(count, theirs.GetValueOrDefault(word));
            }

            foreach (var (word, count) in theirs)
            {
                counts[BucketOf(word)].Reference += count;
            }
        }

        return counts;
    }

    private static Dictionary<string, int> Words(string line) =>
        Mteval13aTokenizer
            .Tokenize(line)
            .GroupBy(word => word, StringComparer.Ordinal)
            .ToDictionary(word => word.Key, word => word.Count(), StringComparer.Ordinal);

    private static double F1((int Matches, int System, int Reference) counts) =>
        200.0 * counts.Matches / (counts.System + counts.Reference);

    private int BucketOf(string word) => Array.FindLastIndex(Starts, start => start <= _counts.GetValueOrDefault(word));

    private static string Name(int bucket)
    {
        var start = Starts[bucket];
        return bucket == Starts.Length - 1 ? FormattableString.Invariant($"{start} or more")
            : Starts[bucket + 1] == start + 1 ? FormattableString.Invariant($"{start}")
            : FormattableString.Invariant($"{start}-{Starts[bucket + 1] - 1}");
    }
}
