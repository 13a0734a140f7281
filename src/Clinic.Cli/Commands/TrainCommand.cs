using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Cli.Output;
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
            "clinic train recipes/quickstart.yaml --run runs/shallow --set model.decoder.layers=6 "
                + "--set training.maxMinutes=5",
            "clinic train recipes/quickstart.yaml --json > result.json"
        ) => Accept(_recipe.All);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var recipe = _recipe.Read(parsed);
        var folder = parsed.GetValue(_recipe.Run) ?? Path.Combine("runs", recipe.Name);
        var results = UntilStopped(new TrainingRun(recipe, folder, SpectreConsole.OnStandardError()).Run);
        if (results is null)
        {
            return ExitCode.Interrupted;
        }

        Print(parsed, results, shown => RunSummary.Text(shown, folder));
        return ExitCode.Done;
    }
}
