using System.CommandLine;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using TransformerClinic.Training;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic average</c></summary>
internal static class AverageCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "A run folder." };
        var last = RangedOption.Of<TrainingOptions, int>(
            nameof(TrainingOptions.Average),
            "--last",
            "How many of the newest checkpoints. Default: the recipe's training.average.");
        var output = new Option<string>("--output") { Description = "The model folder to write.", Required = true };
        var command = new Verb(
            "average",
            "Averages the newest checkpoints of a run into a model folder; the run may still be training.",
            "clinic average runs/quickstart --last 3 --output runs/quickstart-last3")
        {
            run, last, output,
        };
        command.SetAction(parsed => Failures.Guard(
            () =>
            {
                var averaged = RunAverage.Write(parsed.GetRequiredValue(run), parsed.GetValue(last), parsed.GetRequiredValue(output));
                if (averaged.AreFewer)
                {
                    Console.Error.WriteLine(
                        $"clinic: {averaged.Asked} checkpoints were asked for, and the run has "
                        + $"{averaged.Folders.Count}: all of them are averaged. A run keeps the last training.keepLast.");
                }

                Console.Out.WriteLine(VisibleText.OnTerminal(Text(parsed.GetRequiredValue(output), averaged)));
                return ExitCode.Done;
            },
            Console.Error));
        return command;
    }

    private static string Text(string output, AveragedCheckpoints averaged)
    {
        var fewer = averaged.AreFewer ? $" ({averaged.Folders.Count} of the {averaged.Asked} asked for)" : "";
        return $"{output}: the mean of {string.Join(", ", averaged.Folders.Select(Path.GetFileName))}{fewer}";
    }
}
