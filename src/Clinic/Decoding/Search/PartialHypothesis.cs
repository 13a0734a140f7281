namespace TransformerClinic.Decoding.Search;

/// <summary>A growing hypothesis: its newest token and the hypothesis that it continues.</summary>
/// <param name="Parent">The hypothesis without the newest token; null for the empty one.</param>
/// <param name="Token">The newest token.</param>
/// <param name="LogProbability">Of all tokens so far.</param>
/// <param name="Row">Its place in the beam.</param>
internal sealed record PartialHypothesis(PartialHypothesis? Parent, int Token, double LogProbability, int Row)
{
    /// <summary>All tokens, newest first; the last is the end mark that decoding starts from.</summary>
    public IEnumerable<int> Backwards
    {
        get
        {
            for (var at = this; at is not null; at = at.Parent)
            {
                yield return at.Token;
            }
        }
    }

    /// <summary>The tokens without the end mark that decoding starts from.</summary>
    public int[] Tokens => [.. Backwards.SkipLast(1).Reverse()];

    /// <summary>The hypothesis that ends here, with its score.</summary>
    public Hypothesis Finish(DecodingOptions options)
    {
        var tokens = new List<int>();
        var logProbabilities = new List<float>();
        for (var at = this; at.Parent is { } parent; at = parent)
        {
            tokens.Add(at.Token);
            logProbabilities.Add((float)(at.LogProbability - parent.LogProbability));
        }

        tokens.Reverse();
        logProbabilities.Reverse();
        return new Hypothesis(
            [.. tokens],
            NormalizedScore.Of(LogProbability, tokens.Count, options),
            [.. logProbabilities]
        );
    }
}
