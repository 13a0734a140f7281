using System.CommandLine;
using System.CommandLine.Parsing;
using TransformerClinic.Common;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Cli.Options;

/// <summary>Whether the input is a document, of which format, and how it is translated.</summary>
internal sealed class DocumentArguments
{
    private const string Lines = "lines";

    private readonly Option<string?> _format = new("--document")
    {
        Description =
            $"The input's format: {string.Join(", ", DocumentFormats.All.Select(format => format.Name))}; or {Lines}, "
            + "one sentence per line. Default: by the extension of --input; .txt and all others are lines.",
    };
    private readonly Option<bool> _eachLine = new("--each-line")
    {
        Description = "Documents: translates each cue of subtitles, or each line of text, by itself.",
    };
    private readonly Option<bool> _replace = new("--replace-targets")
    {
        Description = "Documents: replaces the translations that XLIFF already has.",
    };
    private readonly Option<bool> _setLanguage = new("--set-language")
    {
        Description = "Documents: sets the attribute lang of an HTML page to the language of the translation.",
    };
    private readonly Option<string?> _rules = Shared.SentenceRules("Documents: an");
    private readonly Option<string?> _language = new("--target-language")
    {
        Description =
            "Documents: the language of the translation, for XLIFF and HTML. Default: the model's target language.",
    };

    /// <summary>The options, in the order of the help.</summary>
    public IReadOnlyList<Symbol> All => [_format, _eachLine, _replace, _setLanguage, _language, _rules];

    /// <summary>The format of the input; null if it is lines.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="input">The input's name; null for standard input.</param>
    /// <param name="forLines">Options that only lines have.</param>
    /// <exception cref="UserErrorException">
    /// The format is not known, or an option does not go with what the input is.
    /// </exception>
    public IDocumentFormat? Format(ParseResult parsed, string? input, IEnumerable<Symbol> forLines)
    {
        var format = parsed.GetValue(_format) switch
        {
            null => input is null ? null : OfName(input),
            Lines => null,
            var name => DocumentFormats.Named(name) ?? throw Unknown(name),
        };
        if (format is not null && Given(parsed, forLines) is { } other)
        {
            throw new UserErrorException(
                $"{other} does not go with a document ({format.Title}). Leave it out, or translate line by line with "
                    + $"{_format.Name} {Lines}."
            );
        }

        return format is null && Given(parsed, All.Skip(1)) is { } own
            ? throw new UserErrorException(
                $"{own} belongs to documents, but the input is lines of text. Name its format with {_format.Name}."
            )
            : format;
    }

    /// <summary>How the document is translated.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="language">The model's target language.</param>
    public DocumentOptions Options(ParseResult parsed, string language) =>
        new()
        {
            EachLine = parsed.GetValue(_eachLine),
            ReplaceTargets = parsed.GetValue(_replace),
            SetLanguage = parsed.GetValue(_setLanguage),
            TargetLanguage = parsed.GetValue(_language) ?? (language.Length > 0 ? language : null),
        };

    /// <summary>By which rules sentences are found.</summary>
    /// <exception cref="UserErrorException">The file of rules cannot be used.</exception>
    public SegmentationRules Rules(ParseResult parsed) =>
        parsed.GetValue(_rules) is { } path ? SegmentationRules.Load(path) : SegmentationRules.BuiltIn();

    /// <summary>Plain text is a document only if that is asked for: lines are what it has always been.</summary>
    private static IDocumentFormat? OfName(string input) =>
        DocumentFormats.OfFileName(input) is { } format && !format.MediaTypes.Contains("text/plain") ? format : null;

    private static string? Given(ParseResult parsed, IEnumerable<Symbol> options) =>
        options
            .OfType<Option>()
            .FirstOrDefault(option => parsed.GetResult(option) is OptionResult { Implicit: false })
            ?.Name;

    private UserErrorException Unknown(string name)
    {
        List<string> names = [.. DocumentFormats.All.Select(format => format.Name), Lines];
        var nearest = Spelling.Nearest(name, names) is { } word ? $" Did you mean {word}?" : "";
        return new UserErrorException($"{_format.Name} is one of {string.Join(", ", names)}, not '{name}'.{nearest}");
    }
}
