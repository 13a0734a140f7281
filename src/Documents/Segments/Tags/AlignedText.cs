using TransformerClinic.Documents.Segments.Sentences;

namespace TransformerClinic.Documents.Segments.Tags;

/// <summary>A word of a translation.</summary>
/// <param name="Range">Where it is in the translation.</param>
/// <param name="Sources">The words of the source that it is aligned with: where they are in the source.</param>
internal sealed record AlignedWord(TextRange Range, IReadOnlyList<TextRange> Sources);

/// <summary>A sentence of the source and its translation, with the words that belong together.</summary>
/// <param name="Source">Where the sentence is in the source.</param>
/// <param name="Text">The translation.</param>
/// <param name="Words">Its words in their order, ranges in <paramref name="Text"/>.</param>
/// <param name="IsSame">Whether the translation is the source itself, character for character.</param>
internal sealed record AlignedText(TextRange Source, string Text, IReadOnlyList<AlignedWord> Words, bool IsSame)
{
    /// <summary>A sentence that stays as it is.</summary>
    public static AlignedText Same(string source, TextRange sentence) => new(sentence, sentence.Of(source), [], true);
}
