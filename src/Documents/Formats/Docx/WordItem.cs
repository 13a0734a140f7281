namespace TransformerClinic.Documents.Formats.Docx;

/// <summary>What a piece of a paragraph is.</summary>
internal enum WordItemKind
{
    /// <summary>Text with one format.</summary>
    Text,

    /// <summary>The beginning of what contains runs: a link, an insertion.</summary>
    Opening,

    /// <summary>Its end.</summary>
    Closing,

    /// <summary>Anything that is kept as it is: a picture, a note's mark, a field.</summary>
    Alone,

    /// <summary>A line break, which may interrupt a sentence.</summary>
    LineBreak,

    /// <summary>A tab or a page break, where sentences end.</summary>
    Boundary,
}

/// <summary>A piece of a paragraph.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text; empty for all else.</param>
/// <param name="Format">The run's properties as XML (<c>w:rPr</c>); empty for none.</param>
/// <param name="Start">Where what is kept begins in the part.</param>
/// <param name="End">Where it ends.</param>
/// <param name="InRun">Whether it needs a run around it.</param>
internal sealed record WordItem(WordItemKind Kind, string Text, string Format, int Start, int End, bool InRun = false);
