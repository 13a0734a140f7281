using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using TransformerClinic.Text;

namespace TransformerClinic.Reports.Markup;

/// <summary>
/// A piece of markup that is safe to put into a page. It is made from an interpolated string whose literal parts are
/// markup and whose holes are escaped, unless they hold markup themselves: text cannot get in unescaped.
/// </summary>
internal readonly record struct Html
{
    private readonly string? markup;

    private Html(string markup) => this.markup = markup;

    /// <summary>No markup.</summary>
    public static Html Empty => default;

    /// <summary>Markup from a template with escaped holes.</summary>
    public static Html Of(Template template) => new(template.ToString());

    /// <summary>Markup that was made by a trusted writer (the figures, the style sheet).</summary>
    public static Html Trusted(string markup) => new(markup);

    /// <summary>Pieces after one another, a line each.</summary>
    public static Html Join(IEnumerable<Html> pieces) =>
        new(string.Join('\n', pieces.Select(piece => piece.ToString()).Where(piece => piece.Length > 0)));

    /// <summary>The markup.</summary>
    public override string ToString() => markup ?? "";

    /// <summary>Collects a template's literal parts and holes; the compiler calls it.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Template(int literalLength, int formattedCount)
    {
        private readonly StringBuilder text = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string literal) => text.Append(literal);

        public void AppendFormatted(Html piece) => text.Append(piece.ToString());

        public void AppendFormatted(IEnumerable<Html> pieces) => text.Append(Join(pieces).ToString());

        public void AppendFormatted(string? value) => text.Append(Escape(value ?? ""));

        public void AppendFormatted(long value) => text.Append(value.ToString(CultureInfo.InvariantCulture));

        public override string ToString() => text.ToString();

        // Enough for text and for quoted attributes; letters of all scripts stay legible in the file. Control
        // characters have no place in a page, and XML forbids most of them: they are shown. Of lone surrogates and of
        // what Unicode never assigns U+FFFD is left.
        private static string Escape(string value) =>
            VisibleText
                .Of(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)))
                .Replace('\uFFFE', '\uFFFD')
                .Replace('\uFFFF', '\uFFFD')
                .Replace("&", "&amp;", StringComparison.Ordinal)
                .Replace("<", "&lt;", StringComparison.Ordinal)
                .Replace(">", "&gt;", StringComparison.Ordinal)
                .Replace("\"", "&quot;", StringComparison.Ordinal)
                .Replace("'", "&#39;", StringComparison.Ordinal);
    }
}
