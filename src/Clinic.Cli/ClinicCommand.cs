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

    // Making a verb takes a millisecond or more at the start of a process, and one is enough if it is named.
    private static readonly (string Name, Func<Command> Create)[] Verbs =
    [
        ("prepare", () => new PrepareCommand()),
        ("train", () => new TrainCommand()),
        ("profile", () => new ProfileCommand()),
        ("diagnose", () => new DiagnoseCommand()),
        ("reproduce", () => new ReproduceCommand()),
        ("translate", () => new TranslateCommand()),
        ("serve", () => new ServeCommand()),
        ("score", () => new ScoreCommand()),
        ("score-pairs", () => new ScorePairsCommand()),
        ("evaluate", () => new EvaluateCommand()),
        ("compare-outputs", () => new CompareOutputsCommand()),
        ("average", () => new AverageCommand()),
        ("checkpoints", () => new CheckpointsCommand()),
        ("fold", () => new FoldCommand()),
        ("export", () => new ExportCommand()),
        ("import", () => new ImportCommand()),
        ("compare", () => new CompareCommand()),
        ("recommend", () => new RecommendCommand()),
        ("verify", () => new VerifyCommand()),
    ];

    /// <summary>The command for a command line: with the verb that it begins with, or with all of them.</summary>
    internal static RootCommand Create(params ReadOnlySpan<string> args)
    {
        var named = args.IsEmpty ? null : args[0];
        var only = Verbs.Where(verb => verb.Name == named).ToArray();
        var root = new RootCommand(
            "Trains very deep Transformers for translation, translates with them, and scores the result."
        );
        foreach (var (_, create) in only.Length > 0 ? only : Verbs)
        {
            root.Add(create());
        }

        HelpWithExamples.AddTo(root);
        return root;
    }

    private static int Invoke(string[] args)
    {
        var parsed = Create(args).Parse(args);
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
