using System.Text.Json;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Chrf;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>
/// Scores and tokens of <c>metrics/</c>. A score counts as the same if it agrees to two decimals, which is all that is
/// ever printed; a corpus score must print as the same line, with precisions, brevity penalty and lengths.
/// </summary>
internal sealed class MetricsCheck(ReferenceFolder folder) : ICheck
{
    private const string File = "metrics/metrics.json";

    private readonly MetricTexts _texts = new(folder);

    /// <inheritdoc/>
    public IEnumerable<Part> Parts()
    {
        var tokenized = new TokenizedBleuCheck(_texts, folder.PathOf(File));
        foreach (
            var (section, entries) in folder
                .Read<Dictionary<string, JsonElement>>(File)
                .Where(entry => entry.Value.ValueKind == JsonValueKind.Object)
        )
        {
            foreach (
                var entry in entries.EnumerateObject().Where(entry => entry.Value.ValueKind != JsonValueKind.String)
            )
            {
                yield return section switch
                {
                    "sacrebleu" => new Part(
                        $"metrics/{entry.Name}",
                        () => Compare($"metrics/{entry.Name}", entry.Value)
                    ),
                    "fairseq_libbleu" => tokenized.Of(section, entry),
                    _ => Part.Of(
                        Quantity.NotYet($"metrics/{section}/{entry.Name}", "this score is not implemented yet")
                    ),
                };
            }
        }
    }

    private IEnumerable<Quantity> Compare(string name, JsonElement entry) =>
        (entry.ValueKind, name) switch
        {
            (JsonValueKind.Object, _) when entry.TryGetProperty("hyp", out _) => SmallCorpus(name, entry),
            (JsonValueKind.Object, _) =>
            [
                Corpus(name, Read<RecordedScore>(entry), _texts.Hypotheses, _texts.References),
            ],
            (_, "metrics/sentence_bleu_13a_exp_effective_order") =>
            [
                Sentences(name, Read<double[]>(entry), new BleuMetric()),
            ],
            (_, "metrics/sentence_chrf") => [Sentences(name, Read<double[]>(entry), new ChrfMetric())],
            (_, "metrics/sentence_chrf++") =>
            [
                Sentences(name, Read<double[]>(entry), new ChrfMetric(ChrfOptions.PlusPlus)),
            ],
            (_, "metrics/tokenized_13a_hyp") => [Tokens(name, Read<string[]>(entry), _texts.Hypotheses)],
            (_, "metrics/tokenized_13a_ref") => [Tokens(name, Read<string[]>(entry), _texts.References)],
            _ => [Quantity.NotYet(name, "this score is not implemented yet")],
        };

    private IEnumerable<Quantity> SmallCorpus(string name, JsonElement entry)
    {
        var (hypotheses, references) = (
            Read<string[]>(entry.GetProperty("hyp")),
            Read<string[]>(entry.GetProperty("ref"))
        );
        return entry
            .EnumerateObject()
            .Where(score => score.Value.ValueKind == JsonValueKind.Object)
            .Select(score => Corpus($"{name}/{score.Name}", Read<RecordedScore>(score.Value), hypotheses, references));
    }

    private static Quantity Corpus(
        string name,
        RecordedScore expected,
        IReadOnlyList<string> hypotheses,
        IReadOnlyList<string> references
    )
    {
        if (Score(expected.Signature, hypotheses, references) is not { } ours)
        {
            return Quantity.NotYet(name, $"this score is not implemented yet ({expected.Signature})");
        }

        var comparison = new Comparison(name);
        comparison.Add("score", expected.Score, ours.Score, Tolerances.Printed);
        if (ours.Line != expected.String)
        {
            comparison.Fail($"'{ours.Line}' instead of '{expected.String}'");
        }

        return comparison.Result(Printed(expected.Score));
    }

    private static (double Score, string Line)? Score(
        string signature,
        IReadOnlyList<string> hypotheses,
        IReadOnlyList<string> references
    )
    {
        if (BleuSettings.Of(signature) is { } bleu)
        {
            var found = BleuScorer.Corpus(hypotheses, references, bleu);
            return (found.Score, found.ToString());
        }

        if (ChrfSettings.Of(signature) is { } chrf)
        {
            var found = new ChrfMetric(chrf).Corpus(hypotheses, references);
            return (found.Score, found.ToString());
        }

        return null;
    }

    private Quantity Sentences(string name, double[] expected, IMetric metric)
    {
        var comparison = new Comparison(name);
        CheckLines(comparison, expected.Length, _texts.Hypotheses);
        foreach (var (line, score) in expected.Take(_texts.Hypotheses.Count).Index())
        {
            var found = metric.Sentence(_texts.Hypotheses[line], _texts.References[line]).Score;
            comparison.Add($"line {line + 1}", score, found, Tolerances.Printed);
            comparison.Same(
                Printed(found) == Printed(score)
                    ? null
                    : $"line {line + 1} is {Printed(found)} instead of {Printed(score)}"
            );
        }

        return comparison.Result($"{expected.Length} sentences");
    }

    private static Quantity Tokens(string name, string[] expected, IReadOnlyList<string> lines)
    {
        var comparison = new Comparison(name);
        CheckLines(comparison, expected.Length, lines);
        foreach (var (line, tokens) in expected.Take(lines.Count).Index())
        {
            var found = string.Join(' ', BleuScorer.Tokenize(lines[line], BleuTokenization.Mteval13a));
            comparison.Same(found == tokens ? null : $"line {line + 1} is '{found}' instead of '{tokens}'");
        }

        return comparison.Result($"{expected.Length} lines");
    }

    private static string Printed(double score) => Numbers.Score(score);

    private static void CheckLines(Comparison comparison, int expected, IReadOnlyList<string> lines)
    {
        if (lines.Count != expected)
        {
            comparison.Fail($"there are {lines.Count} lines, of which {expected} were recorded");
        }
    }

    private T Read<T>(JsonElement entry) => Json.ReadForeign<T>(entry, folder.PathOf(File));

    private sealed record RecordedScore(double Score, string String, string Signature);
}
