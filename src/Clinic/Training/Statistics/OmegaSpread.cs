using TransformerClinic.Residuals;

namespace TransformerClinic.Training.Statistics;

/// <summary>Mean and range of an Admin connection's omega over its channels.</summary>
/// <param name="Mean">Mean over the channels.</param>
/// <param name="Min">Smallest channel.</param>
/// <param name="Max">Largest channel.</param>
internal sealed record OmegaSpread(double Mean, double Min, double Max)
{
    /// <summary>That of a connection as it stands.</summary>
    public static OmegaSpread Of(ResidualConnection residual)
    {
        var omega = residual.Form!.Shortcut.Values(residual.Dim);
        return new OmegaSpread(omega.Average(), omega.Min(), omega.Max());
    }
}
