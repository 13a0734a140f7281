using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Commands;

/// <summary>A verb with a result: printed for people, or as one JSON object with <c>--json</c>.</summary>
internal abstract class ResultVerb(string name, string description, params string[] examples)
    : Verb(name, description, examples)
{
    private readonly Option<bool> _json = Shared.Json();

    /// <inheritdoc/>
    /// <remarks><c>--json</c> comes after them.</remarks>
    protected override void Accept(params IEnumerable<Symbol> symbols) => base.Accept([.. symbols, _json]);

    /// <summary>Whether the result is printed as JSON.</summary>
    protected bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Prints the result on standard output.</summary>
    /// <param name="parsed">The command line, which says in what form.</param>
    /// <param name="result">The content of the JSON.</param>
    /// <param name="forPeople">Prints the other form.</param>
    protected void Print<T>(ParseResult parsed, T result, Action<T> forPeople)
    {
        if (IsJson(parsed))
        {
            Console.Out.Write(Json.Text(result));
        }
        else
        {
            forPeople(result);
        }
    }

    /// <summary>Prints the result on standard output.</summary>
    /// <param name="parsed">The command line, which says in what form.</param>
    /// <param name="result">The content of the JSON.</param>
    /// <param name="text">The other form, which may contain foreign text.</param>
    protected void Print<T>(ParseResult parsed, T result, Func<T, string> text) =>
        Print(parsed, result, forPeople: shown => Console.Out.Write(VisibleText.OnTerminal(text(shown))));
}
