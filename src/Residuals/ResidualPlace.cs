using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>Where a connection is going to be: what a variant may depend on.</summary>
/// <param name="Dim">Width of the residual stream.</param>
/// <param name="Stack">The stack.</param>
/// <param name="Index">The connection's number in its stack, from 0, in forward order.</param>
/// <param name="Layer">Its layer's number, from 0.</param>
/// <param name="FirstOfLayer">
/// The connection of the layer's first sublayer, for variants whose sublayers share something; null for that one
/// itself.
/// </param>
/// <param name="Device">Where the connection's parameters are to be; null for torch's default device.</param>
/// <param name="Dtype">The type they are to be of; null for torch's default type.</param>
public sealed record ResidualPlace(
    long Dim,
    StackShape Stack,
    int Index,
    int Layer,
    ResidualConnection? FirstOfLayer,
    Device? Device = null,
    ScalarType? Dtype = null
);
