using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Documents.Formats;

namespace TransformerClinic.Documents.Tests.Formats;

/// <summary>Translates documents in memory.</summary>
internal static class RoundTrip
{
    /// <summary>A document's translation.</summary>
    public static byte[] Translate(
        string format,
        byte[] document,
        ISegmentTranslator translator,
        DocumentOptions? options = null,
        DocumentLimits? limits = null
    )
    {
        using var input = new MemoryStream(document);
        using var output = new MemoryStream();
        Run(format, input, output, translator, options, limits);
        return output.ToArray();
    }

    /// <summary>A text document's translation.</summary>
    public static string Translate(
        string format,
        string document,
        ISegmentTranslator translator,
        DocumentOptions? options = null
    ) => Encoding.UTF8.GetString(Translate(format, Encoding.UTF8.GetBytes(document), translator, options));

    /// <summary>The segments, with markup as tags: <c>a &lt;0&gt;b&lt;/0&gt; &lt;1/&gt;</c>.</summary>
    public static IReadOnlyList<string> Segments(string format, byte[] document, DocumentOptions? options = null) =>
        [
            .. DocumentFormats
                .Named(format)!
                .Read(
                    new DocumentSource(
                        new MemoryStream(document),
                        "document",
                        options ?? new DocumentOptions(),
                        new DocumentLimits()
                    )
                )
                .Segments.Select(Shown),
        ];

    /// <inheritdoc cref="Segments(string, byte[], DocumentOptions?)"/>
    public static IReadOnlyList<string> Segments(string format, string document, DocumentOptions? options = null) =>
        Segments(format, Encoding.UTF8.GetBytes(document), options);

    /// <summary>The message with which a document is refused; nothing has been written then.</summary>
    public static string Refusal(
        string format,
        byte[] document,
        DocumentLimits? limits = null,
        DocumentOptions? options = null
    )
    {
        using var input = new MemoryStream(document);
        using var output = new MemoryStream();
        var refused = Assert.Throws<UserErrorException>(() =>
            Run(format, input, output, FakeTranslators.Capitals, options, limits)
        );
        Assert.Equal(0, output.Length);
        Assert.DoesNotContain("\n", refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }

    /// <inheritdoc cref="Refusal(string, byte[], DocumentLimits?, DocumentOptions?)"/>
    public static string Refusal(string format, string document, DocumentLimits? limits = null) =>
        Refusal(format, Encoding.UTF8.GetBytes(document), limits);

    public static string Shown(MarkedText text) =>
        string.Concat(
            text.Parts.Select(part =>
                part.Kind switch
                {
                    PartKind.Opening => $"<{part.Tag}>",
                    PartKind.Closing => $"</{part.Tag}>",
                    PartKind.Alone => $"<{part.Tag}/>",
                    _ => part.Text,
                }
            )
        );

    private static void Run(
        string format,
        Stream input,
        Stream output,
        ISegmentTranslator translator,
        DocumentOptions? options,
        DocumentLimits? limits
    )
    {
        var documents = new DocumentTranslator(translator, limits);
        var document = documents.Read(DocumentFormats.Named(format)!, input, "document", options);
        documents.TranslateAsync(document, output).GetAwaiter().GetResult();
    }
}
