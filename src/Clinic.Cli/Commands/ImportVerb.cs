using System.CommandLine;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Commands;

/// <summary>A verb that makes a model folder of a model that another program trained.</summary>
internal abstract class ImportVerb : ResultVerb
{
    /// <param name="name">The program's name.</param>
    /// <param name="description">What the verb does, in one sentence.</param>
    /// <param name="what">What the options of a model are in: the checkpoint, or the model.</param>
    /// <param name="languages">Where the languages come from if they are not named.</param>
    /// <param name="examples">Example commands at the end of <c>--help</c>.</param>
    protected ImportVerb(
        string name,
        string description,
        string what,
        (string Source, string Target) languages,
        params string[] examples
    )
        : base(name, description, examples)
    {
        SourceLanguage = new("--source-language")
        {
            Description = $"The language that the model reads. Default: {languages.Source}.",
        };
        TargetLanguage = new("--target-language")
        {
            Description = $"The language that it writes. Default: {languages.Target}.",
        };
        Ignore = new("--ignore")
        {
            Description =
                $"Options of the {what} that are not known here and that you know not to change what it computes.",
            AllowMultipleArgumentsPerToken = true,
        };
    }

    /// <summary>The language that the model reads.</summary>
    protected Option<string?> SourceLanguage { get; }

    /// <summary>The language that it writes.</summary>
    protected Option<string?> TargetLanguage { get; }

    /// <summary>Options to leave out although they are not known.</summary>
    protected Option<string[]> Ignore { get; }

    /// <summary>The model folder to write.</summary>
    protected Option<string> Output { get; } =
        new("--output", "-o") { Description = "The model folder to write.", Required = true };

    /// <inheritdoc/>
    /// <remarks>What every import takes comes after them.</remarks>
    protected override void Accept(params IEnumerable<Symbol> symbols) =>
        base.Accept([.. symbols, SourceLanguage, TargetLanguage, Ignore, Output]);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        var origin = UntilStopped(Work(parsed));
        Print(parsed, origin, shown => Text(shown, parsed.GetRequiredValue(Output)) + Waived(shown));
        return ExitCode.Done;
    }

    /// <summary>The import that the command line asks for.</summary>
    protected abstract Func<CancellationToken, ModelOrigin> Work(ParseResult parsed);

    /// <summary>The imported model in words, in lines that end with a line feed.</summary>
    protected abstract string Text(ModelOrigin origin, string output);

    private static string Waived(ModelOrigin origin) =>
        origin.Waived.Count == 0 ? "" : $"ignored as you said: {string.Join(", ", origin.Waived)}\n";
}
