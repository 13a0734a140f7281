using System.CommandLine;
using TransformerClinic.Cli.Commands;
using TransformerClinic.Cli.Options;
using TransformerClinic.Text;

namespace TransformerClinic.Cli;

/// <summary>The command <c>clinic</c> with its verbs.</summary>
internal static class ClinicCommand
{
    /// <summary>Parses and runs a command line.</summary>
    public static int Run(string[] args) => Failures.Guard(() => Invoke(args), Console.Error);

    internal static RootCommand Create()
    {
        var root = new RootCommand(
            "Trains very deep Transformers for translation, translates with them, and scores the result."
        )
        {
            new PrepareCommand(),
            new TrainCommand(),
            new ProfileCommand(),
            new DiagnoseCommand(),
            new ReproduceCommand(),
            new TranslateCommand(),
            new ServeCommand(),
            new ScoreCommand(),
            new ScorePairsCommand(),
            new EvaluateCommand(),
            new CompareOutputsCommand(),
            new AverageCommand(),
            new CheckpointsCommand(),
            new FoldCommand(),
            new ExportCommand(),
            new ImportCommand(),
            new CompareCommand(),
            new RecommendCommand(),
            new VerifyCommand(),
        };
        HelpWithExamples.AddTo(root);
        return root;
    }

    private static int Invoke(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var message in ParseMistakes.Of(parsed))
            {
                Console.Error.WriteLine($"clinic: {VisibleText.OnTerminal(message)}");
            }

            Console.Error.WriteLine($"Try: {Path(parsed.CommandResult.Command)} --help");
            return ExitCode.Mistake;
        }

        if (parsed.CommandResult.Command is Verb { TakesSeveralProcesses: false } verb && parsed.Action == verb.Action)
        {
            ProcessesTogether.RequireOne(Path(verb));
        }

        return parsed.Invoke(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
        );
    }

    /// <summary>The verbs of a command, those in groups as well.</summary>
    internal static IEnumerable<Verb> VerbsOf(Command command) =>
        command.Subcommands.SelectMany(inner => inner is Verb verb ? [verb] : VerbsOf(inner));

    /// <summary>What is typed for a command: <c>clinic import marian</c>.</summary>
    internal static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } outer ? $"{Path(outer)} {command.Name}" : "clinic";
}
