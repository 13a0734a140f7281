namespace TransformerClinic.Documents;

/// <summary>Translates sentences: a model behind whatever batches and bounds its work.</summary>
internal interface ISentenceTranslator
{
    /// <summary>A translation for every sentence, in their order.</summary>
    /// <param name="sentences">Sentences of plain text.</param>
    /// <param name="align">Whether alignments are needed.</param>
    /// <param name="stop">Canceled when nobody waits for the result any more.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    Task<IReadOnlyList<TranslatedSentence>> TranslateAsync(
        IReadOnlyList<string> sentences,
        bool align,
        CancellationToken stop
    );
}

/// <summary>The translation of a sentence.</summary>
/// <param name="Text">The translation; empty if there is none.</param>
/// <param name="Alignment">
/// Pairs of words that belong together, from 0, words being separated by white space; empty unless asked for.
/// </param>
/// <param name="Problem">Why it could not be translated; null if it was.</param>
internal sealed record TranslatedSentence(
    string Text,
    IReadOnlyList<(int Source, int Target)> Alignment,
    string? Problem = null
);
