using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Scoring.Systems;

/// <summary>Sentences of similar length.</summary>
/// <param name="Words">The number of words in the source, such as <c>11-20</c>.</param>
/// <param name="Sentences">How many there are.</param>
/// <param name="Scores">The scores of both systems on them.</param>
internal sealed record LengthBucket(string Words, int Sentences, IReadOnlyList<ScorePair> Scores);

/// <summary>Two systems on sentences of similar length, by the number of words in the source, separated by white
/// space.</summary>
internal static class LengthComparison
{
    private static readonly int[] Ends = [10, 20, 30, 40, 50, int.MaxValue];

    /// <summary>The buckets that contain a sentence, shortest first.</summary>
    public static IReadOnlyList<LengthBucket> Of(ComparedOutputs outputs, IReadOnlyList<IMetric> metrics) =>
        [
            .. outputs
                .Source.Select(
                    (source, line) =>
                        (Bucket: Array.FindIndex(Ends, end => WhiteSpace.Split(source).Length <= end), Line: line)
                )
                .GroupBy(entry => entry.Bucket, entry => entry.Line)
                .OrderBy(bucket => bucket.Key)
                .Select(bucket => new LengthBucket(
                    Name(bucket.Key),
                    bucket.Count(),
                    [.. metrics.Select(metric => Scores(metric, outputs, [.. bucket]))]
                )),
        ];

    private static ScorePair Scores(IMetric metric, ComparedOutputs outputs, int[] lines)
    {
        string[] Of(IReadOnlyList<string> all) => [.. lines.Select(line => all[line])];
        var reference = Of(outputs.Reference);
        return new ScorePair(
            metric.Name,
            metric.Corpus(Of(outputs.First), [reference]).Score,
            metric.Corpus(Of(outputs.Second), [reference]).Score
        );
    }

    private static string Name(int bucket)
    {
        var first = bucket == 0 ? 0 : Ends[bucket - 1] + 1;
        return Ends[bucket] == int.MaxValue
            ? FormattableString.Invariant($"{first} or more")
            : FormattableString.Invariant($"{first}-{Ends[bucket]}");
    }
}
