using TransformerClinic.Common;
using TransformerClinic.Documents.Formats.Markup;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Xliff;

/// <summary>
/// Bilingual files of translation tools: XLIFF 1.x (OASIS) and 2.x (ISO 21720). Targets are filled and get a state that
/// asks for a review; targets that are there stay, unless the options say otherwise.
/// </summary>
internal sealed class XliffFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public string Name => "xliff";

    /// <inheritdoc/>
    public string Title => "XLIFF";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions => [".xlf", ".xliff"];

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes =>
        ["application/xliff+xml", "application/x-xliff+xml", "application/x-xliff"];

    /// <inheritdoc/>
    public IReadDocument Read(DocumentSource source)
    {
        var text = EncodedText.Read(source, XmlSource.DeclaredEncoding);
        var xml = XmlSource.Of(text.Text, source);
        var root = Enumerable.Range(0, xml.Tokens.Count).First(i => xml.Tokens[i].IsStart);
        if (xml.Tokens[root].Name != "xliff")
        {
            throw source.Wrong($"the root element is '{Short(xml.Tokens[root].Name)}', but that of XLIFF is 'xliff'.");
        }

        var collector = new UnitCollector(xml, source.Options);
        collector.AddAllIn(root, isTranslated: true);
        var always = collector.Always.ToList();
        if (xml.Tokens[root].Attribute("srcLang") is not null && xml.Tokens[root].Attribute("trgLang") is null)
        {
            always.AddRange(TargetLanguage(xml, root, collector.Any, source));
        }

        return new SplicedDocument(text, collector.Segments, always);
    }

    /// <summary>XLIFF 2 must name the language of its targets.</summary>
    private static IEnumerable<Edit> TargetLanguage(XmlSource xml, int root, bool any, DocumentSource source) =>
        !any ? []
        : source.Options.TargetLanguage is { } language ? [XmlTag.With(xml, root, ("trgLang", language))]
        : throw new UserErrorException(
            $"{source.Name}: the file does not say which language its translations are in (trgLang), and XLIFF 2 must. "
                + "Name the target language."
        )
        {
            Options = [nameof(DocumentOptions.TargetLanguage)],
        };

    private static string Short(string name) => name.Length <= 40 ? name : name[..40];
}
