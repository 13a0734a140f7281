using TransformerClinic.Common;
using TransformerClinic.Documents.Formats.Docx;
using TransformerClinic.Documents.Formats.Html;
using TransformerClinic.Documents.Formats.Markdown;
using TransformerClinic.Documents.Formats.PlainText;
using TransformerClinic.Documents.Formats.Subtitles;
using TransformerClinic.Documents.Formats.Xliff;

namespace TransformerClinic.Documents.Formats;

/// <summary>The formats of documents that can be translated.</summary>
internal static class DocumentFormats
{
    /// <summary>All formats.</summary>
    public static IReadOnlyList<IDocumentFormat> All { get; } =
    [
        new DocxFormat(),
        new HtmlFormat(),
        new MarkdownFormat(),
        new SubtitleFormat(SubtitleSyntax.Srt),
        new SubtitleFormat(SubtitleSyntax.Vtt),
        new PlainTextFormat(),
        new XliffFormat(),
    ];

    /// <summary>What there is, for messages: names with the extensions.</summary>
    public static string Listed =>
        string.Join(", ", All.Select(format => $"{format.Name} ({string.Join(", ", format.Extensions)})"));

    /// <summary>The format of a file by its name; null if no format has its extension.</summary>
    public static IDocumentFormat? OfFileName(string name) =>
        All.FirstOrDefault(format =>
            format.Extensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
        );

    /// <summary>The format of a media type, whose parameters do not matter; null if no format has it.</summary>
    public static IDocumentFormat? OfMediaType(string type) =>
        All.FirstOrDefault(format =>
            format.MediaTypes.Contains(type.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase)
        );

    /// <summary>The format with a short name; null if there is none.</summary>
    public static IDocumentFormat? Named(string name) =>
        All.FirstOrDefault(format => format.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The format of a file, by its name or else by its media type.</summary>
    /// <param name="name">The file's name; null if it has none.</param>
    /// <param name="mediaType">Its media type; null if it is not known.</param>
    /// <exception cref="UserErrorException">Neither says what it is; the message lists the formats.</exception>
    public static IDocumentFormat Of(string? name, string? mediaType = null) =>
        (name is null ? null : OfFileName(name))
        ?? (mediaType is null ? null : OfMediaType(mediaType))
        ?? throw new UserErrorException(
            $"{name ?? mediaType ?? "the document"}: this kind of document cannot be translated. "
                + $"These can: {Listed}."
        );
}
