using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Files;
using TransformerClinic.Reports;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Systems;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic compare-outputs</c></summary>
internal sealed class CompareOutputsCommand : ResultVerb
{
    private const int DefaultShown = 10;
    private const int MaxShown = 1000;

    private readonly Argument<string> _first = new("a")
    {
        Description = "The translations of the first system, one per line: the baseline.",
    };
    private readonly Argument<string> _second = new("b") { Description = "The translations of the second system." };
    private readonly Option<string> _reference = new("--ref")
    {
        Description = "The reference translations, line for line.",
        Required = true,
    };
    private readonly Option<string> _source = new("--src")
    {
        Description = "The source text, line for line.",
        Required = true,
    };
    private readonly Option<string?> _train = new("--train")
    {
        Description =
            "Text for counting word frequencies, such as the target side of the training text. Default: the "
            + "references.",
    };
    private readonly Option<string> _metrics = new("--metrics")
    {
        Description = $"Scores, separated by commas: {MetricSelection.Names}.",
        DefaultValueFactory = _ => "bleu,chrf",
    };
    private readonly Option<int?> _shown = RangedOption.Of<int>(
        "--show",
        "How many of the largest gains and losses to show. Default: 10.",
        0,
        MaxShown
    );
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Where the page goes, one HTML file. Default: no page.",
    };
    private readonly SignificanceArguments _significance = new();

    public CompareOutputsCommand()
        : base(
            "compare-outputs",
            "Shows where two systems' translations differ: by sentence length, by word frequency, and in the "
                + "sentences that gain and lose most.",
            "clinic compare-outputs baseline.hyp admin.hyp --ref test.en --src test.de",
            "clinic compare-outputs baseline.hyp admin.hyp --ref test.en --src test.de --train train.en "
                + "-o comparison.html",
            "clinic compare-outputs a.hyp b.hyp --ref test.en --src test.de --metrics chrf++,ter --significance "
                + "randomization --json"
        ) => Accept([_first, _second, _reference, _source, _train, _metrics, _shown, _output, .. _significance.All]);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var (shown, test) = (parsed.GetValue(_shown) ?? DefaultShown, _significance.Of(parsed));
        var page = parsed.GetValue(_output);
        if (page is not null)
        {
            OutputFile.Check(page);
        }

        var metrics = MetricSelection.Parse(parsed.GetRequiredValue(_metrics));
        var outputs = Outputs(parsed);
        var words = parsed.GetValue(_train) is { } path ? WordFrequencies.Of(TextLines.Read(path)) : null;
        var comparison = OutputComparison.Of(outputs, metrics, words, shown, test);
        Print(parsed, comparison, OutputComparisonTables.Write);
        if (page is not null)
        {
            OutputFile.WriteText(page, OutputComparisonPage.Render(comparison));
        }

        return ExitCode.Done;
    }

    private ComparedOutputs Outputs(ParseResult parsed)
    {
        var (first, second) = (parsed.GetRequiredValue(_first), parsed.GetRequiredValue(_second));
        var texts = ScoredTexts.Read(
            [first, second],
            [parsed.GetRequiredValue(_reference), parsed.GetRequiredValue(_source)]
        );

        // Files with the same name in two folders are distinguished by their paths.
        var (a, b) = (Path.GetFileName(first), Path.GetFileName(second));
        var (nameOfFirst, nameOfSecond) = a == b ? (first, second) : (a, b);
        return new ComparedOutputs(
            nameOfFirst,
            texts.Systems[0].Lines,
            nameOfSecond,
            texts.Systems[1].Lines,
            texts.References[0],
            texts.References[1]
        );
    }
}
