using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;

namespace TransformerClinic.Bench.Decoding;

/// <summary>A way to decode that is measured next to others.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Create">Creates a search.</param>
internal sealed record DecodingVariant(string Name, Func<Transformer, DecodingOptions, BeamSearch> Create)
{
    /// <summary>libtorch's operators; all other speeds are divided by theirs.</summary>
    public static readonly DecodingVariant Plain = new("plain fp32", BeamSearch.Plain);

    /// <summary>All of them, the plain one first.</summary>
    public static readonly IReadOnlyList<DecodingVariant> All =
    [
        Plain,
        .. Enum.GetValues<DecodingPrecision>().Select(Of),
    ];

    private static DecodingVariant Of(DecodingPrecision precision) =>
        new(
            precision.ToString().ToLowerInvariant(),
            (model, options) => new BeamSearch(model, options with { Precision = precision })
        );
}
