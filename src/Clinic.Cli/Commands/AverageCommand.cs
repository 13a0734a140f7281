using System.CommandLine;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic average</c></summary>
internal static class AverageCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "A run folder." };
        var last = new Option<int?>("--last") { Description = "How many of the newest checkpoints. Default: the recipe's training.average." };
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
                Console.Out.WriteLine($"{parsed.GetRequiredValue(output)}: the mean of {string.Join(", ", averaged.Select(Path.GetFileName))}");
                return ExitCode.Done;
            },
            Console.Error));
        return command;
    }
}
