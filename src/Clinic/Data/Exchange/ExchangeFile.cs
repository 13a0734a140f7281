using System.Text;
using System.Text.RegularExpressions;
using TransformerClinic.Common;
using TransformerClinic.Data.Exchange.Tmx;
using TransformerClinic.Data.Exchange.Xliff;
using TransformerClinic.Files;

namespace TransformerClinic.Data.Exchange;

/// <summary>
/// Files that translators exchange: TMX and XLIFF. Both are XML that has both languages, in UTF-8, UTF-16 or what it
/// declares, compressed or not.
/// </summary>
internal static partial class ExchangeFile
{
    private const int HeadLength = 4096;
    private const int MostOfAName = 40;

    private static readonly string[] Endings = [".tmx", ".xlf", ".xliff", ".sdlxliff", ".mxliff", ".mqxliff"];
    private static readonly string[] CompressedEndings = [".gz", ".zst", ".xz"];

    /// <summary>
    /// Whether a file is such a file, or is meant to be: by its first bytes, and by its name for what is damaged.
    /// </summary>
    /// <param name="file">The file, whose position is at the start again afterwards.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isWholeSet">
    /// Whether it is the only file of its set, so that any XML is better read as XML than as a table.
    /// </param>
    /// <exception cref="UserErrorException">The compressed data is damaged.</exception>
    public static bool IsOne(Stream file, string name, bool isWholeSet)
    {
        var ending = Path.GetExtension(IsCompressed(name) ? Path.GetFileNameWithoutExtension(name) : name);
        if (Endings.Contains(ending, StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        var head = new byte[HeadLength];
        var text = Compression.Decompressed(file, name);
        var read = text.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        var beginning = EncodingOf(head).GetString(head, 0, read);
        return Root().IsMatch(beginning) || (isWholeSet && Declaration().IsMatch(beginning));
    }

    /// <summary>The units of a file, whatever their languages.</summary>
    /// <param name="xml">A reader at the file's start.</param>
    /// <exception cref="UserErrorException">The file is damaged, or is another kind of XML.</exception>
    internal static IEnumerable<TranslationUnit> Units(MarkupReader xml)
    {
        while (!xml.IsStart)
        {
            xml.Read();
        }

        return xml.Name switch
        {
            "tmx" => TmxReader.Units(xml),
            "xliff" => XliffReader.Units(xml),
            var other => throw xml.Wrong(
                $"the root element is '{(other.Length > MostOfAName ? other[..MostOfAName] : other)}', but sentence "
                    + "pairs are read from TMX and XLIFF, whose roots are 'tmx' and 'xliff'"
            ),
        };
    }

    private static bool IsCompressed(string name) =>
        CompressedEndings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>An encoding that is right for what is looked for; bytes of other letters may be anything.</summary>
    private static Encoding EncodingOf(ReadOnlySpan<byte> head) =>
        head switch
        {
            [0xFE, 0xFF, ..] or [0, (byte)'<', ..] => Encoding.BigEndianUnicode,
            [0xFF, 0xFE, ..] or [(byte)'<', 0, ..] => Encoding.Unicode,
            _ => Encoding.UTF8,
        };

    /// <summary>
    /// The root, after what may precede it. A table may be about markup, but its first line has a tab.
    /// </summary>
    [GeneratedRegex(
        @"^(?![^\n]*\t)\uFEFF?\s*(?:<\?xml\s[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!DOCTYPE\s+)?(?:\w+:)?(?:tmx|xliff)[\s>/]",
        RegexOptions.Singleline
    )]
    private static partial Regex Root();

    [GeneratedRegex(@"^(?![^\n]*\t)\uFEFF?\s*<\?xml\s")]
    private static partial Regex Declaration();
}
