using System.Text.Json;
using TransformerClinic.Files;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Chrf;

namespace TransformerClinic.Tests.Scoring;

/// <summary>Scores and tokens are sacreBLEU's own (Golden/README.md).</summary>
public sealed class ReferenceScoresTests : IDisposable
{
    private static readonly string Folder = Path.Combine(GoldenFolder.Path, "metrics");

    private readonly JsonDocument _document = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Folder, "metrics.json"))
    );
    private readonly IReadOnlyList<string> _hypotheses = TextLines.Read(Path.Combine(Folder, "hyp.txt"));
    private readonly IReadOnlyList<string> _references = TextLines.Read(Path.Combine(Folder, "ref.txt"));

    private JsonElement Recorded => _document.RootElement.GetProperty("sacrebleu");

    public static TheoryData<string, BleuOptions> Settings =>
        new()
        {
            { "bleu_13a", new BleuOptions() },
            {
                "bleu_13a_lowercase",
                new BleuOptions { LowerCase = true }
            },
            {
                "bleu_none",
                new BleuOptions { Tokenization = BleuTokenization.None }
            },
            {
                "bleu_intl",
                new BleuOptions { Tokenization = BleuTokenization.International }
            },
            {
                "bleu_char",
                new BleuOptions { Tokenization = BleuTokenization.Character }
            },
            {
                "bleu_13a_smooth_none",
                new BleuOptions { Smoothing = BleuSmoothing.None }
            },
        };

    [Theory]
    [MemberData(nameof(Settings))]
    public void The_score_of_a_corpus_equals_the_reference(string name, BleuOptions options) =>
        AssertEqual(Recorded.GetProperty(name), BleuScorer.Corpus(_hypotheses, _references, options));

    public static TheoryData<string, ChrfOptions> ChrfSettings =>
        new()
        {
            { "chrf", new ChrfOptions() },
            { "chrf++", ChrfOptions.PlusPlus },
            {
                "chrf_lowercase",
                new ChrfOptions { LowerCase = true }
            },
            {
                "chrf_whitespace",
                new ChrfOptions { WhiteSpace = true }
            },
        };

    [Theory]
    [MemberData(nameof(ChrfSettings))]
    public void The_chrF_of_a_corpus_equals_the_reference(string name, ChrfOptions options)
    {
        var (expected, score) = (Recorded.GetProperty(name), new ChrfMetric(options).Corpus(_hypotheses, _references));

        Assert.Equal(expected.GetProperty("score").GetDouble(), score.Score, 1e-10);
        Assert.Equal(expected.GetProperty("string").GetString(), score.ToString());
        AssertSignature(expected, score.Signature);
    }

    [Theory]
    [InlineData("sentence_chrf", 0)]
    [InlineData("sentence_chrf++", 2)]
    public void The_chrF_of_every_sentence_equals_the_reference(string name, int wordOrder)
    {
        var expected = Recorded.GetProperty(name).EnumerateArray().Select(item => item.GetDouble()).ToArray();
        var chrf = new ChrfMetric(new ChrfOptions { WordOrder = wordOrder });

        Assert.Equal(50, expected.Length);
        Assert.All(
            expected,
            (score, line) => Assert.Equal(score, chrf.Sentence(_hypotheses[line], _references[line]).Score, 1e-10)
        );
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void BLEU_as_a_metric_is_BLEU(string name, BleuOptions options)
    {
        var (expected, metric) = (Recorded.GetProperty(name), new BleuMetric(options));

        Assert.Equal(expected.GetProperty("score").GetDouble(), metric.Corpus(_hypotheses, _references).Score, 1e-10);
        AssertSignature(expected, metric.Corpus(_hypotheses, _references).Signature);
        Assert.Equal(
            BleuScorer.Sentence(_hypotheses[3], [_references[3]], options).Score,
            metric.Sentence(_hypotheses[3], _references[3]).Score
        );
    }

    [Fact]
    public void A_short_corpus_without_4gram_matches_is_smoothed_as_the_reference_does()
    {
        var expected = Recorded.GetProperty("short_corpus_with_zero_4gram_matches");

        AssertEqual(
            expected.GetProperty("bleu_13a"),
            BleuScorer.Corpus(Texts(expected, "hyp"), Texts(expected, "ref"))
        );
    }

    [Fact]
    public void The_score_of_every_sentence_equals_the_reference()
    {
        var expected = Recorded
            .GetProperty("sentence_bleu_13a_exp_effective_order")
            .EnumerateArray()
            .Select(item => item.GetDouble())
            .ToArray();

        Assert.Equal(50, expected.Length);
        Assert.All(
            expected,
            (score, line) =>
                Assert.Equal(score, BleuScorer.Sentence(_hypotheses[line], [_references[line]]).Score, 1e-10)
        );
    }

    [Fact]
    public void The_tokens_of_every_line_equal_the_reference()
    {
        Assert.Equal(Texts(Recorded, "tokenized_13a_hyp"), Tokenized(_hypotheses));
        Assert.Equal(Texts(Recorded, "tokenized_13a_ref"), Tokenized(_references));
    }

    public void Dispose() => _document.Dispose();

    private static IEnumerable<string> Tokenized(IReadOnlyList<string> lines) =>
        lines.Select(line => string.Join(' ', BleuScorer.Tokenize(line, BleuTokenization.Mteval13a)));

    private static string[] Texts(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    private static void AssertEqual(JsonElement expected, BleuScore score)
    {
        Assert.Equal(expected.GetProperty("score").GetDouble(), score.Score, 1e-10);
        Assert.Equal(expected.GetProperty("bp").GetDouble(), score.BrevityPenalty, 1e-14);
        Assert.Equal(expected.GetProperty("sys_len").GetInt64(), score.HypothesisLength);
        Assert.Equal(expected.GetProperty("ref_len").GetInt64(), score.ReferenceLength);
        Assert.Equal(expected.GetProperty("counts").EnumerateArray().Select(item => item.GetInt64()), score.Matches);
        Assert.Equal(expected.GetProperty("totals").EnumerateArray().Select(item => item.GetInt64()), score.Totals);
        Assert.Equal(
            expected.GetProperty("precisions").EnumerateArray().Select(item => Math.Round(item.GetDouble(), 10)),
            score.Precisions.Select(value => Math.Round(value, 10))
        );
        Assert.Equal(expected.GetProperty("string").GetString(), score.ToString());
        AssertSignature(expected, score.Signature);
    }

    private static void AssertSignature(JsonElement expected, string signature) =>
        Assert.Equal(
            expected
                .GetProperty("signature")
                .GetString()!
                .Replace("version:2.6.0+f615c72", "version:TransformerClinic-", StringComparison.Ordinal),
            signature[..(signature.LastIndexOf('-') + 1)]
        );
}
