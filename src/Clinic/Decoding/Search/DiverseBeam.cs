using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// Diverse beam search (Vijayakumar et al. 2016) as fairseq computes it: the beam is split into groups that choose one
/// after another, and a token costs <c>strength</c> nats for every time that the groups before had it among their
/// candidates of this step.
/// </summary>
public sealed record DiverseBeam : SearchMethod
{
    /// <summary>Groups of hypotheses; the beam is a multiple of it, and 1 is plain beam search.</summary>
    [Range(1, 1000)]
    public int Groups { get; init; } = 2;

    /// <summary>Cost of a token that an earlier group chose, in nats.</summary>
    [Range(0.0, 1000.0)]
    public double Strength { get; init; } = 0.5;

    internal override ICandidateSelection Selection(DecodingOptions options, SearchedModel model) =>
        options.Beam % OptionCheck.Valid(this, "diverseBeam").Groups == 0
            ? new DiverseSelection(this, options, model)
            : throw new UserErrorException(
                $"A beam of {options.Beam} hypotheses cannot be split into {Groups} equal groups: make the beam a "
                    + "multiple of the groups."
            );
}
