using TransformerClinic.Common;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// How the search chooses among the continuations of a beam: <see cref="MostProbable"/>, <see cref="DiverseBeam"/> or
/// <see cref="Sampling"/>.
/// </summary>
public abstract record SearchMethod
{
    private protected SearchMethod() { }

    /// <summary>The choice itself.</summary>
    /// <exception cref="UserErrorException">
    /// An option has a value that is not allowed, or the options do not go together.
    /// </exception>
    internal abstract ICandidateSelection Selection(DecodingOptions options, SearchedModel model);
}

/// <summary>Beam search proper.</summary>
internal sealed record MostProbable : SearchMethod
{
    internal override ICandidateSelection Selection(DecodingOptions options, SearchedModel model) =>
        new BeamSelection(options, model);
}
