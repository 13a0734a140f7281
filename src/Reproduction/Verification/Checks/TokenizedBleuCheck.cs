using System.Text.Json;
using TransformerClinic.Files;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.TokenizedBleu;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>
/// Scores of fairseq's own scorer in <c>metrics/</c>: counts must be identical, scores must agree to the precision of
/// float64, and the printed line must be the same.
/// </summary>
internal sealed class TokenizedBleuCheck(MetricTexts texts, string file)
{
    private const int Orders = 4;

    /// <summary>The part for one recorded entry.</summary>
    public Part Of(string section, JsonProperty entry)
    {
        var name = $"metrics/{section}/{entry.Name}";
        return entry.Name switch
        {
            "corpus" => new Part(name, () => [Corpus(name, entry.Value, new TokenizedBleuMetric(), texts.Hypotheses)]),
            "corpus_ignore_case" => new Part(
                name,
                () =>
                    [
                        Corpus(
                            name,
                            entry.Value,
                            new TokenizedBleuMetric(new TokenizedBleuOptions { LowerCase = true }),
                            texts.Hypotheses
                        ),
                    ]
            ),
            "corpus_identical" => new Part(
                name,
                () => [Corpus(name, entry.Value, new TokenizedBleuMetric(), texts.References)]
            ),
            "sentence_bleu_plus1" => new Part(name, () => [Sentences(name, Read<RecordedScore[]>(entry.Value))]),
            "integer_cases_pad1_eos2_unk3" => new Part(name, () => [Ids(name, Read<RecordedIds>(entry.Value))]),
            "empty_hypothesis_line" => new Part(name, () => [FromCounts(name, Read<RecordedScore>(entry.Value))]),
            _ => Part.Of(Quantity.NotYet(name, "this score is not implemented yet")),
        };
    }

    private Quantity Corpus(
        string name,
        JsonElement entry,
        TokenizedBleuMetric metric,
        IReadOnlyList<string> hypotheses
    )
    {
        var comparison = new Comparison(name);
        Compare(comparison, "", Read<RecordedScore>(entry), metric.CorpusScore(hypotheses, texts.References));
        return comparison.Result($"{hypotheses.Count} lines");
    }

    private Quantity Sentences(string name, RecordedScore[] expected)
    {
        var comparison = new Comparison(name);
        if (expected.Length != texts.Hypotheses.Count)
        {
            comparison.Fail($"there are {texts.Hypotheses.Count} lines, of which {expected.Length} were recorded");
        }

        var metric = new TokenizedBleuMetric(new TokenizedBleuOptions { PlusOne = true });
        foreach (var (line, (score, hypothesis, reference)) in expected.Zip(texts.Hypotheses, texts.References).Index())
        {
            Compare(comparison, $"line {line + 1}: ", score, metric.CorpusScore([hypothesis], [reference]));
        }

        return comparison.Result($"{expected.Length} sentences");
    }

    private static Quantity Ids(string name, RecordedIds expected)
    {
        var comparison = new Comparison(name);
        var sum = new double[2 + (2 * Orders)];
        foreach (var (number, pair) in expected.Cases.Index())
        {
            MetricScoring.Add(sum, TokenizedBleuMetric.CountIds(pair.Hyp, pair.Ref, new TokenizedBleuIds(1, 2, 3)));
            Same(
                comparison,
                $"counts up to pair {number + 1}",
                Text(pair.CumulativeStats),
                Text(new TokenizedBleuMetric().ScoreOf(sum))
            );
        }

        var found = new TokenizedBleuMetric().ScoreOf(sum);
        comparison.Add("scores", Scores(expected.Score), Scores(found), Tolerances.Float64);
        Same(comparison, "the line", expected.String, found.ToString());
        return comparison.Result($"{expected.Cases.Length} pairs");
    }

    /// <summary>For an entry whose lines were not recorded: the score from the counts.</summary>
    private static Quantity FromCounts(string name, RecordedScore expected)
    {
        var comparison = new Comparison(name);
        var stats = expected.Stats;
        double[] counts =
        [
            stats.Predlen,
            stats.Reflen,
            stats.Match1,
            stats.Match2,
            stats.Match3,
            stats.Match4,
            stats.Count1,
            stats.Count2,
            stats.Count3,
            stats.Count4,
        ];
        Compare(comparison, "", expected, new TokenizedBleuMetric().ScoreOf(counts));
        return comparison.Result("from the recorded counts; its lines were not recorded");
    }

    private static void Compare(Comparison comparison, string where, RecordedScore expected, TokenizedBleuScore found)
    {
        Same(comparison, $"{where}counts", Text(expected.Stats), Text(found));
        comparison.Add($"{where}scores", Scores(expected.Score), Scores(found), Tolerances.Float64);
        Same(comparison, $"{where}the line", expected.StringOrder4 ?? expected.String, found.ToString());
        if (expected.Precisions is { } precisions)
        {
            comparison.Add($"{where}precisions", precisions, found.Precisions, Tolerances.Float64);
            comparison.Add(
                $"{where}brevity penalty",
                expected.BrevityPenalty,
                found.BrevityPenalty,
                Tolerances.Float64
            );
            Same(comparison, $"{where}the line of order 2", expected.StringOrder2, found.ToString(2));
        }
    }

    private static void Same(Comparison comparison, string what, string? expected, string found) =>
        comparison.Same(found == expected ? null : $"{what} '{found}' instead of '{expected}'");

    private static IReadOnlyList<double> Scores(Dictionary<string, double> recorded) =>
        [.. recorded.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value)];

    private static IReadOnlyList<double> Scores(TokenizedBleuScore found) =>
        [.. Enumerable.Range(1, Orders).Select(found.Of)];

    private static string Text(RecordedStats stats) =>
        $"{stats.Predlen} {stats.Reflen} {stats.Match1}/{stats.Count1} {stats.Match2}/{stats.Count2} "
        + $"{stats.Match3}/{stats.Count3} {stats.Match4}/{stats.Count4}";

    private static string Text(TokenizedBleuScore found) =>
        $"{found.HypothesisLength} {found.ReferenceLength} "
        + $"{string.Join(' ', found.Matches.Zip(found.Totals, (matches, total) => $"{matches}/{total}"))}";

    private T Read<T>(JsonElement entry) => Json.ReadForeign<T>(entry, file);

    private sealed record RecordedStats(
        long Reflen,
        long Predlen,
        long Match1,
        long Count1,
        long Match2,
        long Count2,
        long Match3,
        long Count3,
        long Match4,
        long Count4
    );

    private sealed record RecordedScore(
        RecordedStats Stats,
        Dictionary<string, double> Score,
        IReadOnlyList<double>? Precisions = null,
        double BrevityPenalty = 0,
        string? String = null,
        string? StringOrder4 = null,
        string? StringOrder2 = null
    );

    private sealed record RecordedPair(int[] Ref, int[] Hyp, RecordedStats CumulativeStats);

    private sealed record RecordedIds(RecordedPair[] Cases, Dictionary<string, double> Score, string String);
}
