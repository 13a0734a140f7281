using System.CommandLine;
using TransformerClinic.Scoring;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic score</c></summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var hypotheses = new Option<string[]>("--hyp") { Description = "The translations, one a line; several files are several systems, the first the baseline.", Required = true };
        var references = new Option<string[]>("--ref") { Description = "The reference translations, line for line; several files are several references of each line.", Required = true };
        var metrics = new Option<string>("--metrics") { Description = $"Scores with commas between them: {MetricSelection.Names}.", DefaultValueFactory = _ => "bleu" };
        var tokenize = new Option<string>("--tokenize") { Description = "How BLEU cuts sentences into tokens: 13a, intl, char or none.", DefaultValueFactory = _ => "13a" };
        var lowerCase = new Option<bool>("--lowercase") { Description = "Takes upper and lower case as the same." };
        var sentence = new Option<bool>("--sentence") { Description = "Scores every line on its own: columns with tabs between them, signatures on standard error." };
        var significance = new SignificanceArguments();
        var json = Shared.Json();
        var command = new Verb(
            "score",
            "Scores translations against references: corpus BLEU on detokenised text, chrF, TER and others, each with its signature.",
            "clinic score --hyp test.hyp --ref test.en",
            "clinic score --hyp test.hyp --ref test.en --json",
            "clinic score --hyp test.hyp --ref test.en --metrics bleu,chrf++ --lowercase",
            "clinic score --hyp baseline.hyp --hyp admin.hyp --ref test.en --metrics bleu,chrf",
            "clinic score --hyp baseline.hyp --hyp admin.hyp --ref test.en --metrics bleu,ter --significance bootstrap",
            "clinic score --hyp test.hyp --ref first.en --ref second.en --tokenize intl",
            "clinic score --hyp test.hyp --ref test.en --metrics bleu,chrf --sentence > lines.tsv",
            "clinic score --hyp test.tok --ref ref.tok --metrics tokenised-bleu")
        {
            hypotheses, references, metrics, tokenize, lowerCase, sentence, significance.Test, significance.Trials, significance.Seed, json,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var chosen = MetricSelection.Parse(
                    parsed.GetRequiredValue(metrics), BleuTokenizations.Parse(parsed.GetRequiredValue(tokenize)), parsed.GetValue(lowerCase));
                var test = significance.Of(parsed);
                var texts = ScoredTexts.Read(parsed.GetRequiredValue(hypotheses), parsed.GetRequiredValue(references));
                if (parsed.GetValue(sentence))
                {
                    if (test is not null)
                    {
                        throw new UserErrorException("--significance tests whole corpora; leave --sentence out.");
                    }

                    SentenceScores.Write(texts, chosen, parsed.GetValue(json));
                }
                else
                {
                    ScoreTable.Write(texts, chosen, test, parsed.GetValue(json));
                }

                return ExitCode.Done;
            },
            Console.Error));
        return command;
    }
}
