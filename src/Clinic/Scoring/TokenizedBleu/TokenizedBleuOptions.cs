namespace TransformerClinic.Scoring.TokenizedBleu;

/// <summary>
/// The settings of <see cref="TokenizedBleuMetric"/>; the defaults are those of fairseq's <c>fairseq-score</c>.
/// </summary>
public sealed record TokenizedBleuOptions
{
    /// <summary>Whether upper and lower case are the same (<c>--ignore-case</c>).</summary>
    public bool LowerCase { get; init; }

    /// <summary>
    /// Whether matches and totals of orders 2 to 4 begin at 1 (<c>--sentence-bleu</c>): for single sentences, which
    /// often lack long matches.
    /// </summary>
    public bool PlusOne { get; init; }
}
