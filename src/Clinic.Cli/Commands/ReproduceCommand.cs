using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Common;
using TransformerClinic.Reproduction;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Results;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic reproduce</c></summary>
internal sealed class ReproduceCommand : ResultVerb
{
    private const string List = "list";
    private const string All = "all";
    private const string Document = "document";

    private readonly Argument<string[]> _studies = new("study")
    {
        Description =
            $"Names of studies; or '{List}' to list them, '{All}' to run all, '{Document}' to write the document from "
            + "the stored results.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<StudyBudget?> _budget = NamedOption.Of<StudyBudget>(
        "--budget",
        "minutes: at most ten per study on two cores; hours: wider models, more seeds, longer training. "
            + "Default: minutes."
    );
    private readonly Option<string> _output = new("--output", "--out", "-o")
    {
        Description = "Folder for results, figures and finished trainings; finished trainings are not repeated.",
        DefaultValueFactory = _ => new ReproductionOptions().Output,
    };
    private readonly Option<int?> _threads = RangedOption.Of<ReproductionOptions, int>(
        nameof(ReproductionOptions.Threads),
        "--threads",
        "Parallel trainings; 0 for one per core. The results do not depend on it. Default: 0."
    );
    private readonly Option<DeviceName?> _device = NamedOption.Of<DeviceName>(
        "--device",
        "Where small trainings run: cpu or cuda. What is measured of models is measured on the processor. Default: cpu."
    );
    private readonly Option<string> _corpus = new("--corpus")
    {
        Description = "Folder of the text that comes with the project.",
        DefaultValueFactory = _ => new ReproductionOptions().Corpus,
    };
    private readonly Option<string> _documents = new("--docs")
    {
        Description = $"Folder into which '{Document}' publishes results.",
        DefaultValueFactory = _ => "docs",
    };

    public ReproduceCommand()
        : base(
            "reproduce",
            "Tests the paper's claims on small models: runs a study, draws its figures, compares the paper's numbers "
                + "with ours and says whether the claim holds, by a criterion stated before the run.",
            "clinic reproduce list",
            "clinic reproduce fig4",
            "clinic reproduce fig4 fig7 --budget hours --output runs/reproduction-hours",
            "clinic reproduce all --threads 2",
            "clinic reproduce document"
        ) => Accept(_studies, _budget, _output, _threads, _device, _corpus, _documents);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        switch (parsed.GetRequiredValue(_studies))
        {
            case [Document]:
                Publish(parsed);
                break;
            case [List]:
                Print(parsed, StudyCatalog.Descriptions, StudyTables.WriteList);
                break;
            default:
                Reproduce(parsed);
                break;
        }

        return ExitCode.Done;
    }

    private void Publish(ParseResult parsed)
    {
        var published = ReproductionDocument.Publish(
            parsed.GetRequiredValue(_output),
            parsed.GetRequiredValue(_documents)
        );
        Console.Out.WriteLine(VisibleText.OnTerminal(published));
    }

    private void Reproduce(ParseResult parsed)
    {
        var options = OptionsOf(parsed);
        var run = new ReproductionRun(options, SpectreConsole.OnStandardError());

        // A study takes minutes or hours, so each is shown as soon as it is finished.
        Action<StudyResult>? finished = IsJson(parsed) ? null : result => StudyTables.Write(result, options.Output);
        var results = UntilStopped(stop => run.Run(stop, finished));
        Print(parsed, results, forPeople: _ => { });
    }

    private ReproductionOptions OptionsOf(ParseResult parsed)
    {
        var (studies, defaults) = (parsed.GetRequiredValue(_studies), new ReproductionOptions());
        return new ReproductionOptions
        {
            Studies = studies is [All] ? [] : studies,
            Budget = parsed.GetValue(_budget) ?? defaults.Budget,
            Output = parsed.GetRequiredValue(_output),
            Threads = parsed.GetValue(_threads) ?? defaults.Threads,
            Device = parsed.GetValue(_device) ?? defaults.Device,
            Corpus = parsed.GetRequiredValue(_corpus),
        };
    }
}
