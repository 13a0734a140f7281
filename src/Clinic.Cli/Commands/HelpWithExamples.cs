using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TransformerClinic.Cli.Commands;

/// <summary>Help that ends with a verb's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Ends the help of each verb with its examples.</summary>
    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb verb)
        {
            Write(verb.Examples, parseResult.InvocationConfiguration.Output);
        }

        return code;
    }

    private static void Write(IReadOnlyList<string> examples, TextWriter output)
    {
        output.WriteLine("Examples:");
        foreach (var example in examples)
        {
            output.WriteLine($"  {example}");
        }
    }
}
