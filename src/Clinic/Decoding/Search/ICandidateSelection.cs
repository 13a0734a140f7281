using System.Numerics;

namespace TransformerClinic.Decoding.Search;

/// <summary>Which of all continuations of a sentence's beam a step of the search keeps.</summary>
internal interface ICandidateSelection
{
    /// <summary>
    /// The candidates in order of preference, without impossible ones: an end mark among the first <c>beam</c> finishes
    /// its hypothesis, and the first <c>beam</c> others are the new beam. None if no token may follow.
    /// </summary>
    /// <param name="sentence">The sentence's search, which says whether the end mark is a candidate.</param>
    /// <param name="logProbabilities">
    /// For each next token of each hypothesis, <c>[beam, vocabulary]</c>; may be changed.
    /// </param>
    ReadOnlySpan<Candidate> Select<T>(SentenceSearch sentence, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>One way to continue a beam.</summary>
/// <param name="Row">Which hypothesis of the beam it continues.</param>
/// <param name="Token">The next token.</param>
/// <param name="LogProbability">Of the continued hypothesis.</param>
internal readonly record struct Candidate(int Row, int Token, double LogProbability);
