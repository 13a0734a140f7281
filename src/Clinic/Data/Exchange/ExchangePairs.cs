namespace TransformerClinic.Data.Exchange;

/// <summary>The pairs of a translators' file.</summary>
/// <param name="Pairs">The pairs, in the file's order.</param>
/// <param name="Lines">The line of the file where each begins, from 1.</param>
/// <param name="Ledger">What happened to the file's units.</param>
/// <param name="Languages">The languages of source and target.</param>
internal sealed record ExchangePairs(
    IReadOnlyList<SentencePair> Pairs,
    IReadOnlyList<int> Lines,
    Ledger Ledger,
    (string Source, string Target) Languages
);
