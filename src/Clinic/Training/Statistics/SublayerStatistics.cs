namespace TransformerClinic.Training.Statistics;

/// <summary>
/// What one update did to one sublayer: its branch, and its residual connection with the normalisation. A number that
/// is not finite is null.
/// </summary>
/// <param name="Stack">encoder or decoder.</param>
/// <param name="Layer">Its layer, from 1 at the input.</param>
/// <param name="Sublayer">self-attention, cross-attention or feed-forward.</param>
/// <param name="GradientNorm">
/// Euclidean norm of the gradient of the mean loss with respect to its parameters, before clipping.
/// </param>
/// <param name="RelativeUpdate"><c>|new - old| / |old|</c> of its parameters, Euclidean.</param>
/// <param name="Omega">Omega after the update; null if the connection is not Admin's.</param>
public sealed record SublayerStatistics(
    string Stack,
    int Layer,
    string Sublayer,
    double? GradientNorm,
    double? RelativeUpdate,
    OmegaSpread? Omega
);
