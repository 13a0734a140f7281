using System.Text.Json.Serialization;
using TransformerClinic.Model;

namespace TransformerClinic.Training.Statistics;

/// <summary>
/// What one update did to one sublayer: its branch, and its residual connection with the normalization. A number that
/// is not finite is null.
/// </summary>
/// <param name="Address">The sublayer; in the log its parts are the keys stack, layer (from 1) and sublayer.</param>
/// <param name="GradientNorm">
/// Euclidean norm of the gradient of the mean loss with respect to its parameters, before clipping.
/// </param>
/// <param name="RelativeUpdate"><c>|new - old| / |old|</c> of its parameters, Euclidean.</param>
/// <param name="Omega">Omega after the update; null if the connection is not Admin's.</param>
internal sealed record SublayerStatistics(
    [property: JsonIgnore] SublayerAddress Address,
    [property: JsonPropertyOrder(1)] double? GradientNorm,
    [property: JsonPropertyOrder(1)] double? RelativeUpdate,
    [property: JsonPropertyOrder(1)] OmegaSpread? Omega
)
{
    /// <summary>From a line of the log.</summary>
    [JsonConstructor]
    public SublayerStatistics(
        StackName stack,
        int layer,
        SublayerKind sublayer,
        double? gradientNorm,
        double? relativeUpdate,
        OmegaSpread? omega
    )
        : this(new SublayerAddress(stack, layer - 1, sublayer), gradientNorm, relativeUpdate, omega) { }

    /// <summary>Its stack.</summary>
    public StackName Stack => Address.Stack;

    /// <summary>Its layer, from 1 at the stack's input.</summary>
    public int Layer => Address.LayerNumber;

    /// <summary>Which of the layer's sublayers it is.</summary>
    public SublayerKind Sublayer => Address.Kind;
}
