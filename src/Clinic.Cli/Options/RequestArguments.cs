using System.CommandLine;
using TransformerClinic.Common;
using TransformerClinic.Decoding;

namespace TransformerClinic.Cli.Options;

/// <summary>What translations must satisfy: for all of them on the command line, for each one in columns of the
/// input.</summary>
internal sealed class RequestArguments
{
    private const char PhraseSeparator = '|';
    private static readonly string[] Names = ["source", "prefix", "required", "banned"];

    private readonly Option<string?> _prefix = new("--prefix")
    {
        Description = "Text that every translation starts with.",
    };
    private readonly Option<string[]> _require = new("--require")
    {
        Description = "A word or phrase that every translation must contain; may be repeated.",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string[]> _ban = new("--ban")
    {
        Description = "A word or phrase that no translation may contain; may be repeated.",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string> _columns = new("--columns")
    {
        Description =
            "The names of the input's columns, which are separated by tabs: source, prefix, required, banned; in the "
            + "last two, phrases are separated by |.",
        DefaultValueFactory = _ => "",
    };

    public IReadOnlyList<Symbol> All => [_prefix, _require, _ban, _columns];

    /// <summary>Those that mean a line, not every sentence of a document.</summary>
    public IReadOnlyList<Symbol> ForLines => [_prefix, _require, _columns];

    /// <summary>What is given, in words of the command line; two that are equal ask for the same.</summary>
    public IReadOnlyList<string> Given(ParseResult parsed) =>
        [
            .. parsed.GetValue(_prefix) is { Length: > 0 } prefix
                ? [$"{_prefix.Name} {prefix}"]
                : Array.Empty<string>(),
            .. parsed.GetRequiredValue(_require).Select(phrase => $"{_require.Name} {phrase}"),
            .. parsed.GetRequiredValue(_ban).Select(phrase => $"{_ban.Name} {phrase}"),
            .. parsed.GetRequiredValue(_columns) is { Length: > 0 } columns
                ? [$"{_columns.Name} {columns}"]
                : Array.Empty<string>(),
        ];

    /// <summary>Turns a line of the input and its number into a request.</summary>
    /// <exception cref="UserErrorException">
    /// A column is unknown or is named twice, or the source has none.
    /// </exception>
    public Func<string, long, TranslationRequest> Reader(ParseResult parsed)
    {
        var columns = Shared.Split(parsed.GetRequiredValue(_columns));
        if (columns.FirstOrDefault(name => !Names.Contains(name)) is { } unknown)
        {
            throw new UserErrorException(
                $"--columns: there is no column '{unknown}'. The columns are {string.Join(", ", Names)}."
            );
        }

        if (columns.Length > 0 && (columns.Distinct().Count() < columns.Length || !columns.Contains(Names[0])))
        {
            throw new UserErrorException("--columns must name each column once, and source must be one of them.");
        }

        var all = new TranslationRequest("")
        {
            Prefix = parsed.GetValue(_prefix) ?? "",
            Required = parsed.GetRequiredValue(_require),
            Banned = parsed.GetRequiredValue(_ban),
        };
        return (line, number) => Request(line, columns, all) with { Number = number };
    }

    private static TranslationRequest Request(string line, string[] columns, TranslationRequest all)
    {
        if (columns.Length == 0)
        {
            return all with { Text = line };
        }

        // Columns that a line leaves out are empty.
        var cells = line.Split('\t').Concat(Enumerable.Repeat("", columns.Length)).ToArray();
        string Cell(string name) => Array.IndexOf(columns, name) is >= 0 and var place ? cells[place] : "";
        string[] Phrases(string name) =>
            Cell(name).Split(PhraseSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new TranslationRequest(Cell("source"))
        {
            Prefix = Cell("prefix") is { Length: > 0 } prefix ? prefix : all.Prefix,
            Required = [.. all.Required, .. Phrases("required")],
            Banned = [.. all.Banned, .. Phrases("banned")],
        };
    }
}
