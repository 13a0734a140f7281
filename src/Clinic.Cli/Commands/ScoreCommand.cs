using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Common;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Bleu;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic score</c></summary>
internal sealed class ScoreCommand : ResultVerb
{
    private readonly Option<string[]> _hypotheses = new("--hyp")
    {
        Description = "The translations, one per line; repeat it for several systems, the first being the baseline.",
        Required = true,
    };
    private readonly Option<string[]> _references = new("--ref")
    {
        Description = "The reference translations, line for line; repeat it for several references of each line.",
        Required = true,
    };
    private readonly Option<string> _metrics = new("--metrics")
    {
        Description = $"Scores, separated by commas: {MetricSelection.Names}.",
        DefaultValueFactory = _ => "bleu",
    };
    private readonly Option<string> _tokenize = new("--tokenize")
    {
        Description = "How BLEU splits sentences into tokens: 13a, intl, char or none.",
        DefaultValueFactory = _ => "13a",
    };
    private readonly Option<bool> _lowerCase = new("--lowercase")
    {
        Description = "Treats upper and lower case as the same.",
    };
    private readonly Option<bool> _sentence = new("--sentence")
    {
        Description = "Scores every line separately: columns separated by tabs, signatures on standard error.",
    };
    private readonly SignificanceArguments _significance = new();

    public ScoreCommand()
        : base(
            "score",
            "Scores translations against references: corpus BLEU on detokenized text, chrF, TER and others, each "
                + "with its signature.",
            "clinic score --hyp test.hyp --ref test.en",
            "clinic score --hyp test.hyp --ref test.en --json",
            "clinic score --hyp test.hyp --ref test.en --metrics bleu,chrf++ --lowercase",
            "clinic score --hyp baseline.hyp --hyp admin.hyp --ref test.en --metrics bleu,chrf",
            "clinic score --hyp baseline.hyp --hyp admin.hyp --ref test.en --metrics bleu,ter --significance bootstrap",
            "clinic score --hyp test.hyp --ref first.en --ref second.en --tokenize intl",
            "clinic score --hyp test.hyp --ref test.en --metrics bleu,chrf --sentence > lines.tsv",
            "clinic score --hyp test.tok --ref ref.tok --metrics tokenized-bleu"
        ) => Accept([_hypotheses, _references, _metrics, _tokenize, _lowerCase, _sentence, .. _significance.All]);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var tokenization = BleuTokenizations.Parse(parsed.GetRequiredValue(_tokenize));
        var metrics = MetricSelection.Parse(
            parsed.GetRequiredValue(_metrics),
            tokenization,
            parsed.GetValue(_lowerCase)
        );
        var test = _significance.Of(parsed);
        var texts = ScoredTexts.Read(parsed.GetRequiredValue(_hypotheses), parsed.GetRequiredValue(_references));
        if (!parsed.GetValue(_sentence))
        {
            var scores = CorpusScores.Of(texts, metrics, test);
            Print(parsed, scores.Json, _ => ScoreTable.Write(scores.Systems, metrics, test));
            return ExitCode.Done;
        }

        if (test is not null)
        {
            throw new UserErrorException("--significance tests whole corpora; remove --sentence.");
        }

        Print(parsed, SentenceScores.Of(texts, metrics), SentenceTable.Write);
        return ExitCode.Done;
    }
}
