using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Workflows.Exports;

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
        Onnx(int8: false),
        Onnx(int8: true),
    ];

    /// <summary>The model's exported graphs in ONNX Runtime, a thread for each call.</summary>
    private static DecodingVariant Onnx(bool int8) =>
        new(
            int8 ? "onnx int8" : "onnx fp32",
            (model, options) => new BeamSearch([model], options, kernels: (one, _) => OnnxExportedModel.Of(one, int8))
        );

    private static DecodingVariant Of(DecodingPrecision precision) =>
        new(
            precision.ToString().ToLowerInvariant(),
            (model, options) => new BeamSearch(model, options with { Precision = precision })
        );
}
