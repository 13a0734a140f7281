using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Documents;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Documents.Formats.Html;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Texts;

/// <summary>Translates texts with markup, which comes through whole.</summary>
internal sealed class MarkupTexts(ModelSegments segments)
{
    private static readonly HtmlFormat Html = new();

    /// <summary>Translations of HTML; each block of it is a segment.</summary>
    /// <exception cref="UserErrorException">A text is not HTML.</exception>
    /// <exception cref="QueueFullException">The queue is full.</exception>
    public Task<string[]> HtmlAsync(ServedModel model, IReadOnlyList<string> texts, CancellationToken stop) =>
        Task.WhenAll(texts.Select(text => TranslateAsync(model, Html, text, stop)));

    /// <summary>Translations of texts with XML tags; each text is a segment.</summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="ignored">Names of elements whose content is not translated.</param>
    /// <param name="stop">Canceled when nobody waits any more.</param>
    /// <exception cref="UserErrorException">A text is not well formed.</exception>
    /// <exception cref="QueueFullException">The queue is full.</exception>
    public Task<string[]> XmlAsync(
        ServedModel model,
        IReadOnlyList<string> texts,
        IReadOnlyCollection<string> ignored,
        CancellationToken stop
    )
    {
        var format = new XmlTextFormat(ignored);
        return Task.WhenAll(
            texts.Select(async text =>
                XmlTextFormat.WithoutRoot(text, await TranslateAsync(model, format, XmlTextFormat.WithRoot(text), stop))
            )
        );
    }

    /// <summary>With a byte order mark, so that no declaration in the text says otherwise.</summary>
    private async Task<string> TranslateAsync(
        ServedModel model,
        IDocumentFormat format,
        string text,
        CancellationToken stop
    )
    {
        var translator = new DocumentTranslator(segments.For(model, Admission.RefuseWhenFull));
        using var input = new MemoryStream([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]);
        using var output = new MemoryStream();
        await translator.TranslateAsync(translator.Read(format, input, "the text"), output, progress: null, stop);
        return Encoding.UTF8.GetString(output.ToArray().AsSpan(Encoding.UTF8.Preamble.Length));
    }
}
