using System.CommandLine;
using TransformerClinic.Decoding;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic evaluate</c></summary>
internal sealed class EvaluateCommand : PairVerb
{
    public EvaluateCommand()
        : base(
            "evaluate",
            "Measures perplexity and token accuracy of a model on sentence pairs: how well it predicts each subword, "
                + "given the correct ones before it.",
            "clinic evaluate --model runs/quickstart --pairs test.tsv",
            "clinic evaluate --model runs/quickstart/checkpoints/update-000500 --pairs test.de,test.en --json"
        ) => Accept();

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        Print(parsed, Evaluation.Of(Score(parsed).Scores), Text);
        return ExitCode.Done;
    }

    private static string Text(Evaluation evaluation) =>
        FormattableString
            .Invariant(
                $"""
                pairs            {evaluation.Pairs}{(evaluation.LeftOut > 0 ? $", {evaluation.LeftOut} left out" : "")}
                target subwords  {evaluation.Tokens}, end marks included
                loss             {evaluation.Nll:0.0000} nats per subword, without label smoothing
                perplexity       {evaluation.Perplexity:0.00}
                token accuracy   {100 * evaluation.Accuracy:0.00} %

                """
            )
            .ReplaceLineEndings("\n");
}
