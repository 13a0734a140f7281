using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using TransformerClinic.Text;

namespace TransformerClinic.Reports.Markup;

/// <summary>
/// Text as markup of a page: enough for text and for quoted attributes, and no more, so that letters of all scripts
/// stay legible in the file. Control characters have no place in a page, and XML forbids most of them: they are shown.
/// Of lone surrogates and of what Unicode never assigns U+FFFD is left.
/// </summary>
internal sealed class PageEncoder : HtmlEncoder
{
    private static readonly int Longest = Enumerable.Range(0, 0xA0).Max(code => Shown(code).Length);

    /// <summary>The encoder; it has no state.</summary>
    public static PageEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => Longest;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar is '&' or '<' or '>' or '"' or '\'' or 0xFFFE or 0xFFFF
        || (unicodeScalar is < ' ' or (> '~' and < '\u00A0') && Shown(unicodeScalar)[0] != unicodeScalar);

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var rest = new ReadOnlySpan<char>(text, textLength);
        for (var i = 0; i < textLength; )
        {
            if (
                Rune.DecodeFromUtf16(rest[i..], out var rune, out var length) is not OperationStatus.Done
                || WillEncode(rune.Value)
            )
            {
                return i;
            }

            i += length;
        }

        return -1;
    }

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar,
        char* buffer,
        int bufferLength,
        out int numberOfCharactersWritten
    )
    {
        var shown = Shown(unicodeScalar);
        var fits = shown.TryCopyTo(new Span<char>(buffer, bufferLength));
        numberOfCharactersWritten = fits ? shown.Length : 0;
        return fits;
    }

    private static string Shown(int scalar) =>
        scalar switch
        {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            0xFFFE or 0xFFFF => "\uFFFD",
            _ => VisibleText.Of(char.ConvertFromUtf32(scalar)),
        };
}
