using System.Globalization;
using System.Text.Json;
using TransformerClinic.Files;
using TransformerClinic.Scoring;

namespace TransformerClinic.Verification;

/// <summary>
/// Scores and tokens of <c>metrics/</c>. A score is the same where it is so to two decimals, which is all that is ever
/// printed; a corpus score must print as the same line, with precisions, brevity penalty and lengths.
/// </summary>
internal sealed class MetricsCheck(ReferenceFolder folder) : ICheck
{
    private const string File = "metrics/metrics.json";

    private IReadOnlyList<string>? _hypotheses;
    private IReadOnlyList<string>? _references;

    private IReadOnlyList<string> Hypotheses => _hypotheses ??= TextLines.Read(folder.PathOf("metrics/hyp.txt"));

    private IReadOnlyList<string> References => _references ??= TextLines.Read(folder.PathOf("metrics/ref.txt"));

    /// <inheritdoc/>
    public IEnumerable<Part> Parts()
    {
        foreach (var (section, entries) in folder.Read<Dictionary<string, JsonElement>>(File).Where(entry => entry.Value.ValueKind == JsonValueKind.Object))
        {
            if (section != "sacrebleu")
            {
                yield return Part.Of(Quantity.NotYet($"metrics/{section}", "this score is not written yet"));
                continue;
            }

            foreach (var entry in entries.EnumerateObject())
            {
                yield return new Part($"metrics/{entry.Name}", () => Compare($"metrics/{entry.Name}", entry.Value));
            }
        }
    }

    private IEnumerable<Quantity> Compare(string name, JsonElement entry) => (entry.ValueKind, name) switch
    {
        (JsonValueKind.Object, _) when entry.TryGetProperty("hyp", out _) => SmallCorpus(name, entry),
        (JsonValueKind.Object, _) => [Corpus(name, Read<RecordedScore>(entry), Hypotheses, References)],
        (_, "metrics/sentence_bleu_13a_exp_effective_order") => [Sentences(name, Read<double[]>(entry))],
        (_, "metrics/tokenized_13a_hyp") => [Tokens(name, Read<string[]>(entry), Hypotheses)],
        (_, "metrics/tokenized_13a_ref") => [Tokens(name, Read<string[]>(entry), References)],
        _ => [Quantity.NotYet(name, "this score is not written yet")],
    };

    private IEnumerable<Quantity> SmallCorpus(string name, JsonElement entry)
    {
        var (hypotheses, references) = (Read<string[]>(entry.GetProperty("hyp")), Read<string[]>(entry.GetProperty("ref")));
        return entry.EnumerateObject().Where(score => score.Value.ValueKind == JsonValueKind.Object)
            .Select(score => Corpus($"{name}/{score.Name}", Read<RecordedScore>(score.Value), hypotheses, references));
    }

    private static Quantity Corpus(string name, RecordedScore expected, IReadOnlyList<string> hypotheses, IReadOnlyList<string> references)
    {
        if (BleuSettings.Of(expected.Signature) is not { } options)
        {
            return Quantity.NotYet(name, $"this score is not written yet ({expected.Signature})");
        }

        var found = Bleu.Corpus(hypotheses, references, options);
        var comparison = new Comparison(name);
        comparison.Add("score", expected.Score, found.Score, Tolerances.Bleu);
        if (found.ToString() != expected.String)
        {
            comparison.Fail($"'{found}' instead of '{expected.String}'");
        }

        return comparison.Result(Printed(expected.Score));
    }

    private Quantity Sentences(string name, double[] expected)
    {
        var comparison = new Comparison(name);
        CheckLines(comparison, expected.Length, Hypotheses);
        foreach (var (line, score) in expected.Take(Hypotheses.Count).Index())
        {
            var found = Bleu.Sentence(Hypotheses[line], [References[line]]).Score;
            comparison.Add($"line {line + 1}", score, found, Tolerances.Bleu);
            comparison.Same(Printed(found) == Printed(score) ? null : $"line {line + 1} is {Printed(found)} instead of {Printed(score)}");
        }

        return comparison.Result($"{expected.Length} sentences");
    }

    private static Quantity Tokens(string name, string[] expected, IReadOnlyList<string> lines)
    {
        var comparison = new Comparison(name);
        CheckLines(comparison, expected.Length, lines);
        foreach (var (line, tokens) in expected.Take(lines.Count).Index())
        {
            var found = string.Join(' ', Bleu.Tokenize(lines[line], BleuTokenization.Mteval13a));
            comparison.Same(found == tokens ? null : $"line {line + 1} is '{found}' instead of '{tokens}'");
        }

        return comparison.Result($"{expected.Length} lines");
    }

    private static string Printed(double score) => score.ToString("0.00", CultureInfo.InvariantCulture);

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
