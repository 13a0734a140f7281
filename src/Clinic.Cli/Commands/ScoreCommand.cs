using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Scoring;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic score</c></summary>
internal static class ScoreCommand
{
    private sealed record Scores(double Bleu, string Signature, double[] Precisions, double BrevityPenalty, long HypothesisLength, long ReferenceLength);

    public static Command Create()
    {
        var hypotheses = new Option<string>("--hyp") { Description = "The translations, one a line.", Required = true };
        var references = new Option<string>("--ref") { Description = "The reference translations, line for line.", Required = true };
        var json = Shared.Json();
        var command = new Verb(
            "score",
            "Scores translations against references: corpus BLEU on detokenised text, with its signature.",
            "clinic score --hyp test.hyp --ref test.en",
            "clinic score --hyp test.hyp --ref test.en --json")
        {
            hypotheses, references, json,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var (hypPath, refPath) = (parsed.GetRequiredValue(hypotheses), parsed.GetRequiredValue(references));
                var (hyp, reference) = (TextLines.Read(hypPath), TextLines.Read(refPath));
                if (hyp.Count != reference.Count)
                {
                    throw new UserErrorException($"{hypPath} has {hyp.Count} lines and {refPath} has {reference.Count}: they must belong together line by line.");
                }

                if (hyp.Count == 0)
                {
                    throw new UserErrorException($"{hypPath} is empty: there is nothing to score.");
                }

                var bleu = Bleu.Corpus(hyp, reference);
                Console.Out.Write(parsed.GetValue(json)
                    ? Json.Text(new Scores(bleu.Score, bleu.Signature, bleu.Precisions, bleu.BrevityPenalty, bleu.HypothesisLength, bleu.ReferenceLength))
                    : FormattableString.Invariant($"BLEU {bleu.Score:0.00}  {bleu.Signature}\n"));
                return ExitCode.Done;
            },
            Console.Error));
        return command;
    }
}
