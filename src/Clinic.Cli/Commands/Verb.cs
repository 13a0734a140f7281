using System.CommandLine;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary>
/// A verb of the command. Each verb is a class: its arguments and options are fields, its constructor names them in the
/// order of the help, and <see cref="Run"/> does the work. Exceptions from the work become a message and an exit code
/// in <see cref="ClinicCommand"/>, for verbs and help alike.
/// </summary>
internal abstract class Verb : Command
{
    /// <param name="name">What is typed.</param>
    /// <param name="description">What it does, in one sentence.</param>
    /// <param name="examples">Example commands at the end of <c>--help</c>.</param>
    protected Verb(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction(Run);
    }

    /// <summary>Example commands at the end of <c>--help</c>.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Whether a launcher may start several processes with this verb.</summary>
    public virtual bool TakesSeveralProcesses => false;

    /// <summary>Adds these arguments and options; the help lists them in this order.</summary>
    protected virtual void Accept(params IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                Add(argument);
            }
            else
            {
                Add((Option)symbol);
            }
        }
    }

    /// <summary>Does what the command line asks for.</summary>
    /// <returns>The exit code.</returns>
    protected abstract int Run(ParseResult parsed);

    /// <summary>
    /// Runs work that the first Ctrl-C or SIGTERM asks to stop, and returns its result. The work prints nothing that
    /// can wait: once this has returned, the first signal ends the process, even if nobody reads what it prints.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="quiet">Whether nobody is told that the work is stopping.</param>
    protected static T UntilStopped<T>(Func<CancellationToken, T> work, bool quiet = false)
    {
        using var signals = new StopSignals(quiet ? TextWriter.Null : Console.Error);
        return work(signals.Token);
    }

    /// <summary>Writes a line to standard error.</summary>
    protected static void Say(string line) => Console.Error.WriteLine($"clinic: {VisibleText.OnTerminal(line)}");

    /// <summary>Explains why a result that was printed is nevertheless a failure.</summary>
    /// <returns>The exit code.</returns>
    protected static int Fail(string problem)
    {
        Say(problem);
        return ExitCode.Failure;
    }
}
