using System.CommandLine;
using TransformerClinic.Files;
using TransformerClinic.Runs;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic train</c></summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var arguments = new RecipeArguments();
        var command = new Verb(
            "train",
            "Prepares the text, profiles, trains, averages, translates the test set, scores it, and writes a report. Given again, it goes on where it stopped.",
            "clinic train recipes/quickstart.yaml",
            "clinic train recipes/quickstart.yaml --run runs/shallow --set model.decoder.layers=6 --set training.maxMinutes=5",
            "clinic train recipes/quickstart.yaml --json > result.json");
        arguments.AddTo(command);
        command.SetAction(parsed => Failures.Guard(() => Run(parsed, arguments), Console.Error));
        return command;
    }

    private static int Run(ParseResult parsed, RecipeArguments arguments)
    {
        var recipe = RecipeReader.Read(parsed.GetRequiredValue(arguments.Recipe), arguments.Overrides(parsed));
        var folder = parsed.GetValue(arguments.Run) ?? Path.Combine("runs", recipe.Name);
        var results = StopSignals.During(new TrainingRun(recipe, folder, SpectreConsole.OnStandardError()).Run);
        if (results is null)
        {
            return ExitCode.Interrupted;
        }

        Console.Out.Write(parsed.GetValue(arguments.Json)
            ? Json.Text(results)
            : VisibleText.OnTerminal(RunSummary.Text(results, folder)));
        return ExitCode.Done;
    }
}
