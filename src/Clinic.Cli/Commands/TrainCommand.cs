using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
using TransformerClinic.Common;
using TransformerClinic.Distribution;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Workflows;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic train</c></summary>
internal sealed class TrainCommand : ResultVerb
{
    private readonly RecipeArguments _recipe = new();

    public TrainCommand()
        : base(
            "train",
            "Prepares the text, profiles, trains, averages, translates the test set, scores it, and writes a report. "
                + "Run it again to resume.",
            "clinic train recipes/quickstart.yaml",
            "clinic train recipes/quickstart.yaml --run runs/deeper --set model.encoder.layers=6 "
                + "--set training.maxMinutes=5",
            "clinic train recipes/quickstart.yaml --json > result.json"
        ) => Accept(_recipe.All);

    /// <inheritdoc/>
    public override bool TakesSeveralProcesses => true;

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var recipe = _recipe.Read(parsed);
        var folder = parsed.GetValue(_recipe.Run) ?? Path.Combine("runs", recipe.Name);
        return ProcessesTogether.Run(recipe.Distributed, group => Train(parsed, recipe, folder, group));
    }

    private int Train(ParseResult parsed, Recipe recipe, string folder, ProcessGroup group)
    {
        IRunConsole console = group.IsFirst ? SpectreConsole.OnStandardError() : new LineConsole(null);
        var computesHere = group.Count > 1 && recipe.Device == DeviceName.Cpu;
        if (computesHere && ProcessorUse.Of(group, recipe.Threads).Warning is { } warning)
        {
            console.Say(warning);
        }

        var results = UntilStopped(new TrainingRun(recipe, folder, console, group).Run, quiet: !group.IsFirst);
        if (results is null)
        {
            return ExitCode.Interrupted;
        }

        if (group.IsFirst)
        {
            Print(parsed, results, shown => RunSummary.Text(shown, folder));
        }

        return ExitCode.Done;
    }
}
