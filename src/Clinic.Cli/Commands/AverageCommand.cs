using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Workflows;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic average</c></summary>
internal sealed class AverageCommand : Verb
{
    private readonly Argument<string> _run = new("run") { Description = "A run folder." };
    private readonly Option<int?> _last = RangedOption.Of<TrainingOptions, int>(
        nameof(TrainingOptions.Average),
        "--last",
        "How many of the newest checkpoints. Default: the recipe's training.average."
    );
    private readonly Option<string> _output = new("--output")
    {
        Description = "The model folder to write.",
        Required = true,
    };

    public AverageCommand()
        : base(
            "average",
            "Averages the newest checkpoints of a run into a model folder; the run may still be training.",
            "clinic average runs/quickstart --last 3 --output runs/quickstart-last3"
        ) => Accept(_run, _last, _output);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var output = parsed.GetRequiredValue(_output);
        var averaged = RunAverage.Write(parsed.GetRequiredValue(_run), parsed.GetValue(_last), output);
        if (averaged.AreFewer)
        {
            Say(
                $"{averaged.Asked} checkpoints were requested, but the run has {averaged.Folders.Count}: all of them "
                    + "are averaged. A run keeps the last training.keepLast checkpoints."
            );
        }

        Console.Out.WriteLine(VisibleText.OnTerminal(Text(output, averaged)));
        return ExitCode.Done;
    }

    private static string Text(string output, AveragedCheckpoints averaged)
    {
        var fewer = averaged.AreFewer ? $" ({averaged.Folders.Count} of the {averaged.Asked} requested)" : "";
        return $"{output}: the mean of {string.Join(", ", averaged.Folders.Select(Path.GetFileName))}{fewer}";
    }
}
