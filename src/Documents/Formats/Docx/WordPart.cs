using System.Text;
using TransformerClinic.Documents.Formats.Markup;
using TransformerClinic.Documents.Formats.Splicing;

namespace TransformerClinic.Documents.Formats.Docx;

/// <summary>A part of a Word document that has text. Paragraphs may be in others: those of text boxes are.</summary>
internal sealed class WordPart
{
    private static readonly string[] Spaces =
    [
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    ];

    private readonly EncodedText _text;
    private readonly List<WordParagraph> _paragraphs = [];

    /// <param name="name">The part's name in the archive.</param>
    /// <param name="text">Its text.</param>
    /// <param name="xml">The same as XML.</param>
    public WordPart(string name, EncodedText text, XmlSource xml)
    {
        (Name, _text) = (name, text);
        var reader = new WordParagraphReader(xml);
        for (var i = 0; i < xml.Tokens.Count; i++)
        {
            if (xml.Tokens[i] is { IsStart: true, Name: "p" } token && Spaces.Contains(token.Space) && token.Last > i)
            {
                _paragraphs.Add(Paragraph(xml, i, reader.Items(i)));
            }
        }

        Segments = [.. _paragraphs.SelectMany(paragraph => paragraph.Segments)];
    }

    /// <summary>Its name in the archive.</summary>
    public string Name { get; }

    /// <summary>What is translated.</summary>
    public IReadOnlyList<MarkedText> Segments { get; }

    /// <summary>The part with translations; null if they change nothing.</summary>
    public byte[]? Translated(IReadOnlyList<MarkedText> translations)
    {
        var own = new List<IReadOnlyList<MarkedText>>();
        var at = 0;
        foreach (var paragraph in _paragraphs)
        {
            own.Add([.. translations.Skip(at).Take(paragraph.Segments.Count)]);
            at += paragraph.Segments.Count;
        }

        if (!_paragraphs.Zip(own).Any(pair => pair.First.IsChanged(pair.Second)))
        {
            return null;
        }

        using var result = new MemoryStream();
        _text.WriteWith(Slice(own, 0, 0, _text.Text.Length), result);
        return result.ToArray();
    }

    /// <summary>What is between two places of the part, with the translations of the paragraphs there.</summary>
    /// <param name="translations">Those of each paragraph.</param>
    /// <param name="first">The first paragraph that may be there.</param>
    /// <param name="start">The first character.</param>
    /// <param name="end">The character after the last.</param>
    private string Slice(IReadOnlyList<IReadOnlyList<MarkedText>> translations, int first, int start, int end)
    {
        var result = new StringBuilder(end - start);
        var at = start;
        for (var i = first; i < _paragraphs.Count && _paragraphs[i].Start < end; i++)
        {
            var paragraph = _paragraphs[i];
            if (paragraph.Start < at)
            {
                continue;
            }

            var next = i + 1;
            var content = paragraph.IsChanged(translations[i])
                ? paragraph.Content(translations[i], (from, to) => Slice(translations, next, from, to))
                : Slice(translations, next, paragraph.From, paragraph.To);
            result
                .Append(_text.Text, at, paragraph.From - at)
                .Append(content)
                .Append(_text.Text, paragraph.To, paragraph.End - paragraph.To);
            at = paragraph.End;
        }

        return result.Append(_text.Text, at, end - at).ToString();
    }

    private static WordParagraph Paragraph(XmlSource xml, int start, IReadOnlyList<WordItem> items)
    {
        var token = xml.Tokens[start];
        var last = xml.Tokens[token.Last];
        var properties = xml.Children(start).FirstOrDefault();
        var hasProperties = properties > 0 && xml.Tokens[properties].Name == "pPr";
        var from = hasProperties ? xml.Tokens[xml.Tokens[properties].Last].End : token.End;
        return new WordParagraph(token.Start, last.End, from, last.Start, token.Prefix, items);
    }
}
