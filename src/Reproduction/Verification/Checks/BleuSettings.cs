using TransformerClinic.Scoring.Bleu;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>
/// Our settings for a signature in sacreBLEU's notation, such as
/// <c>nrefs:1|case:lc|eff:no|tok:13a|smooth:exp|version:2.6.0</c>.
/// </summary>
internal static class BleuSettings
{
    /// <summary>The settings; null if the signature is not one of BLEU, or asks for something that is not
    /// implemented.</summary>
    public static BleuOptions? Of(string signature)
    {
        var fields = SignatureFields.Of(signature);
        return
            BleuTokenizations.Find(fields.GetValueOrDefault("tok", "")) is { } tokenization
            && Smoothing(fields.GetValueOrDefault("smooth")) is { } smoothing
            ? new BleuOptions
            {
                Tokenization = tokenization,
                Smoothing = smoothing,
                LowerCase = fields.GetValueOrDefault("case") == "lc",
                EffectiveOrder = fields.GetValueOrDefault("eff") == "yes",
            }
            : null;
    }

    private static BleuSmoothing? Smoothing(string? name) =>
        name switch
        {
            "exp" => BleuSmoothing.Exponential,
            "none" => BleuSmoothing.None,
            _ => null,
        };
}
