namespace TransformerClinic.Decoding.Search;

/// <summary>One way to continue a beam.</summary>
/// <param name="Row">Which hypothesis of the beam it continues.</param>
/// <param name="Token">The next token.</param>
/// <param name="LogProbability">Of the continued hypothesis.</param>
internal readonly record struct Candidate(int Row, int Token, double LogProbability);
