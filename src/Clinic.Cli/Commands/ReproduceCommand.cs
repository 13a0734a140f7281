using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Reproduction;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Results;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic reproduce</c></summary>
internal static class ReproduceCommand
{
    private const string List = "list";
    private const string All = "all";
    private const string Document = "document";

    public static Command Create()
    {
        var defaults = new ReproductionOptions();
        var what = new Argument<string[]>("study") { Description = $"Names of studies; or '{List}' to list them, '{All}' to run all, '{Document}' to write the document of the stored results.", Arity = ArgumentArity.OneOrMore };
        var budget = NamedOption.Of<StudyBudget>(
            "--budget",
            "minutes: at most ten per study on two cores; hours: wider models, more seeds, longer training. "
            + "Default: minutes.");
        var output = new Option<string>("--output", "--out", "-o") { Description = "Folder for results, figures and finished trainings; a training that is there is not made again.", DefaultValueFactory = _ => defaults.Output };
        var threads = RangedOption.Of<ReproductionOptions, int>(nameof(ReproductionOptions.Threads), "--threads", "Trainings side by side; 0 for one a core. The results do not depend on it. Default: 0.");
        var corpus = new Option<string>("--corpus") { Description = "Folder of the text that comes with the project.", DefaultValueFactory = _ => defaults.Corpus };
        var documents = new Option<string>("--docs") { Description = $"Folder that '{Document}' publishes results into.", DefaultValueFactory = _ => "docs" };
        var json = Shared.Json();
        var command = new Verb(
            "reproduce",
            "Tests the paper's claims on small models: runs a study, draws its figures, sets the paper's numbers beside ours and says whether the claim holds, by a criterion stated before the run.",
            "clinic reproduce list",
            "clinic reproduce fig4",
            "clinic reproduce fig4 fig7 --budget hours --output runs/reproduction-hours",
            "clinic reproduce all --threads 2",
            "clinic reproduce document")
        {
            what, budget, output, threads, corpus, documents, json,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var studies = parsed.GetRequiredValue(what);
                var folder = parsed.GetRequiredValue(output);
                var asJson = parsed.GetValue(json);
                if (studies is [Document])
                {
                    var published = ReproductionDocument.Publish(folder, parsed.GetRequiredValue(documents));
                    Console.Out.WriteLine(VisibleText.OnTerminal(published));
                    return ExitCode.Done;
                }

                if (studies is [List])
                {
                    StudyTables.WriteList(StudyCatalog.Descriptions, asJson);
                    return ExitCode.Done;
                }

                var options = new ReproductionOptions
                {
                    Studies = studies is [All] ? [] : studies,
                    Budget = parsed.GetValue(budget) ?? defaults.Budget,
                    Output = folder,
                    Threads = parsed.GetValue(threads) ?? defaults.Threads,
                    Corpus = parsed.GetRequiredValue(corpus),
                };
                var run = new ReproductionRun(options, SpectreConsole.OnStandardError());
                var results = StopSignals.During(stop => run.Run(stop, asJson ? null : result => StudyTables.Write(result, folder)));
                if (asJson)
                {
                    Console.Out.Write(Json.Text(results));
                }

                return ExitCode.Done;
            },
            Console.Error));
        return command;
    }
}
