using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Runs.Report;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Outputs;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic compare-outputs</c></summary>
internal static class CompareOutputsCommand
{
    private const int DefaultShown = 10;
    private const int MaxShown = 1000;

    public static Command Create()
    {
        var first = new Argument<string>("a") { Description = "The translations of the first system, one a line: the baseline." };
        var second = new Argument<string>("b") { Description = "The translations of the second system." };
        var reference = new Option<string>("--ref") { Description = "The reference translations, line for line.", Required = true };
        var source = new Option<string>("--src") { Description = "The source text, line for line.", Required = true };
        var train = new Option<string?>("--train") { Description = "Text that words' frequencies are counted in, such as the target side of the training text. Default: the references." };
        var metrics = new Option<string>("--metrics") { Description = $"Scores with commas between them: {MetricSelection.Names}.", DefaultValueFactory = _ => "bleu,chrf" };
        var shown = RangedOption.Of<int>(
            "--show", "How many of the largest gains and losses are shown. Default: 10.", 0, MaxShown);
        var output = new Option<string?>("--output", "-o") { Description = "Where the page goes, one HTML file. Default: no page." };
        var significance = new SignificanceArguments();
        var json = Shared.Json();
        var command = new Verb(
            "compare-outputs",
            "Shows where two systems' translations differ: by length of sentence, by frequency of word, and in the sentences that gain and lose most.",
            "clinic compare-outputs baseline.hyp admin.hyp --ref test.en --src test.de",
            "clinic compare-outputs baseline.hyp admin.hyp --ref test.en --src test.de --train train.en -o comparison.html",
            "clinic compare-outputs a.hyp b.hyp --ref test.en --src test.de --metrics chrf++,ter --significance randomisation --json")
        {
            first, second, reference, source, train, metrics, shown, output, significance.Test, significance.Trials, significance.Seed, json,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var (count, test) = (parsed.GetValue(shown) ?? DefaultShown, significance.Of(parsed));
                var page = parsed.GetValue(output);
                if (page is not null)
                {
                    OutputFile.Check(page);
                }

                var chosen = MetricSelection.Parse(parsed.GetRequiredValue(metrics));
                var outputs = Read(parsed.GetRequiredValue(first), parsed.GetRequiredValue(second), parsed.GetRequiredValue(reference), parsed.GetRequiredValue(source));
                var comparison = OutputComparison.Of(outputs, chosen, parsed.GetValue(train) is { } path ? WordFrequencies.Of(TextLines.Read(path)) : null, count, test);
                if (parsed.GetValue(json))
                {
                    Console.Out.Write(Json.Text(comparison));
                }
                else
                {
                    OutputComparisonTables.Write(comparison);
                }

                if (page is not null)
                {
                    OutputFile.WriteText(page, OutputComparisonPage.Render(comparison));
                }

                return ExitCode.Done;
            },
            Console.Error));
        return command;
    }

    private static ComparedOutputs Read(string first, string second, string reference, string source)
    {
        var texts = ScoredTexts.Read([first, second], [reference, source]);
        var (a, b) = (Path.GetFileName(first), Path.GetFileName(second));
        return a == b
            ? new ComparedOutputs(first, texts.Systems[0].Lines, second, texts.Systems[1].Lines, texts.References[0], texts.References[1])
            : new ComparedOutputs(a, texts.Systems[0].Lines, b, texts.Systems[1].Lines, texts.References[0], texts.References[1]);
    }
}
