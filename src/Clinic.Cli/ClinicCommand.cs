using System.CommandLine;
using TransformerClinic.Cli.Commands;
using TransformerClinic.Text;

namespace TransformerClinic.Cli;

/// <summary>The command <c>clinic</c> with its verbs.</summary>
internal static class ClinicCommand
{
    /// <summary>Parses and runs a command line.</summary>
    public static int Run(string[] args)
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

        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        return Failures.Guard(() => parsed.Invoke(configuration), Console.Error);
    }

    internal static RootCommand Create()
    {
        var root = new RootCommand("Trains very deep Transformers for translation, translates with them, and scores the result.")
        {
            TrainCommand.Create(),
            ProfileCommand.Create(),
            DiagnoseCommand.Create(),
            ReproduceCommand.Create(),
            TranslateCommand.Create(),
            ScoreCommand.Create(),
            ScorePairsCommand.Create(),
            EvaluateCommand.Create(),
            CompareOutputsCommand.Create(),
            AverageCommand.Create(),
            CheckpointsCommand.Create(),
            FoldCommand.Create(),
            CompareCommand.Create(),
            VerifyCommand.Create(),
        };
        Verb.AddExamplesToHelp(root);
        return root;
    }

    private static string Path(Command command) => command is RootCommand ? "clinic" : $"clinic {command.Name}";
}
