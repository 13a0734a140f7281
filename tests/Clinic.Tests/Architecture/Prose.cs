using System.Text.RegularExpressions;

namespace TransformerClinic.Tests.Architecture;

/// <summary>A paragraph of a file that people read: of a document, a comment or a string.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">Its first line, from 1.</param>
/// <param name="Text">Its lines, joined by spaces.</param>
internal sealed partial record Prose(string Path, int Line, string Text)
{
    private const string CodeOfComponent = "@code {";

    private enum Kind
    {
        None,
        Document,
        Comment,
        String,
    }

    /// <summary>
    /// The paragraphs of a file: comments and strings of C#, everything of any other file. A component is markup down
    /// to its code.
    /// </summary>
    public static IReadOnlyList<Prose> Of(SourceFile file)
    {
        var found = new List<Prose>();
        var before = Kind.None;
        var raw = false;
        var code = file.Path.EndsWith(".cs", StringComparison.Ordinal);
        for (var i = 0; i < file.Lines.Length; i++)
        {
            var line = file.Lines[i];
            code |= line.StartsWith(CodeOfComponent, StringComparison.Ordinal);
            var (kind, text) = code ? OfCode(line, raw) : (Kind.Document, line.Trim());
            raw ^= code && RawQuotes().Count(line) % 2 == 1;
            if (text.Length > 0 && kind == before && !Begins(kind, line.TrimStart()))
            {
                found[^1] = found[^1] with { Text = $"{found[^1].Text} {text}" };
            }
            else if (text.Length > 0)
            {
                found.Add(new Prose(file.Path, i + 1, text));
            }

            before = text.Length > 0 ? kind : Kind.None;
        }

        return found;
    }

    private static (Kind Kind, string Text) OfCode(string line, bool raw)
    {
        var trimmed = line.Trim();
        if (!raw && trimmed.StartsWith("//", StringComparison.Ordinal))
        {
            return (Kind.Comment, Tag().Replace(trimmed.TrimStart('/'), "").Trim());
        }

        if (raw)
        {
            return (Kind.String, Hole().Replace(trimmed, "{}"));
        }

        var strings = string.Join(' ', Literal().Matches(line).Select(match => Hole().Replace(match.Value, "{}")));
        var comment = TrailingComment().Match(Literal().Replace(line, ""));
        return (strings.Length > 0 ? Kind.String : Kind.Comment, strings + comment.Groups[1].Value);
    }

    /// <summary>Whether a line begins a paragraph although it follows another line of its kind.</summary>
    private static bool Begins(Kind kind, string line) =>
        kind switch
        {
            Kind.Document => ListItem().IsMatch(line),
            Kind.Comment => !line.StartsWith("//", StringComparison.Ordinal) || XmlElement().IsMatch(line),
            _ => !line.StartsWith('+'),
        };

    [GeneratedRegex("\"\"\"")]
    private static partial Regex RawQuotes();

    [GeneratedRegex("""(?<!')"(?:[^"\\]|\\.)*"(?!')""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"//\s(.*)$")]
    private static partial Regex TrailingComment();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"^(?:[-*>|#]|\d+\.|\w+:)")]
    private static partial Regex ListItem();

    [GeneratedRegex(@"^///\s*</?(?:summary|param|remarks|returns|exception|typeparam|para|item)\b")]
    private static partial Regex XmlElement();
}
