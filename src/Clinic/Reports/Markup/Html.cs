using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace TransformerClinic.Reports.Markup;

/// <summary>
/// A piece of a drawing's markup that is safe to put into a file or a page. It is made from an interpolated string
/// whose literal parts are markup and whose holes are escaped, unless they hold markup themselves: text cannot get in
/// unescaped.
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

        public void AppendFormatted(string? value) => text.Append(PageEncoder.Instance.Encode(value ?? ""));

        public void AppendFormatted(long value) => text.Append(value.ToString(CultureInfo.InvariantCulture));

        public override string ToString() => text.ToString();
    }
}
