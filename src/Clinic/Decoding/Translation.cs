namespace TransformerClinic.Decoding;

/// <summary>The result for one line.</summary>
/// <param name="Text">The best translation; empty for an empty line and for one that could not be translated.</param>
/// <param name="Hypotheses">Everything the search finished, best first; none for a line that was not searched.</param>
/// <param name="Problem">
/// Why the line could not be translated as required, and how to fix it; null if it was.
/// </param>
public sealed record Translation(string Text, IReadOnlyList<Hypothesis> Hypotheses, string? Problem = null)
{
    /// <summary>The score of the best hypothesis; 0 for a line that was not searched.</summary>
    public double Score => Hypotheses.Count == 0 ? 0 : Hypotheses[0].Score;

    /// <summary>The ids of the source, ending with the end mark; none for a line that was not searched.</summary>
    public int[] Source { get; init; } = [];
}
