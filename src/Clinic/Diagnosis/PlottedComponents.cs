using TorchSharp.Modules;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// Reference-compatible: the components of <c>--plot_variance</c>, which multiplies by the normalization's weight but
/// never divides. It knows Pre-LN, Post-LN and Admin; here other variants that normalize the sum follow the rule of
/// Post-LN, the others that of Pre-LN.
/// </summary>
internal sealed class PlottedComponents : ResidualComponents
{
    /// <inheritdoc/>
    protected override void Combine(SublayerPass pass)
    {
        if (pass.Residual.Form is not { After.Module: LayerNorm { weight: { } weight } } form)
        {
            return;
        }

        var isAdmin = ResidualTraits.Of(pass.Residual).HasOmega;
        var older = isAdmin
            ? weight * tensor(form.Shortcut.Values(pass.Residual.Dim), weight.dtype, weight.device)
            : weight;
        for (var j = 0; j < Count - 1; j++)
        {
            Components[j].mul_(older);
        }

        // Its loop over the components of a plain feed-forward sublayer ends one too early.
        if (isAdmin || pass.Place.Address?.Kind != SublayerKind.FeedForward)
        {
            Components[^1].mul_(weight);
        }
    }
}
