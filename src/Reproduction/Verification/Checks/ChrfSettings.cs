using System.Globalization;
using TransformerClinic.Scoring.Chrf;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>Our settings for chrF as it was recorded.</summary>
internal static class ChrfSettings
{
    /// <summary>
    /// The settings of a signature in sacreBLEU's notation, such as
    /// <c>nrefs:1|case:lc|eff:yes|nc:6|nw:2|space:no|version:2.6.0</c>; null if it is not a chrF signature.
    /// </summary>
    public static ChrfOptions? Of(string signature)
    {
        var fields = SignatureFields.Of(signature);
        return
            int.TryParse(
                fields.GetValueOrDefault("nc"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var characters
            )
            && int.TryParse(
                fields.GetValueOrDefault("nw"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var words
            )
            ? new ChrfOptions
            {
                CharacterOrder = characters,
                WordOrder = words,
                LowerCase = fields.GetValueOrDefault("case") == "lc",
                WhiteSpace = fields.GetValueOrDefault("space") == "yes",
                EpsilonSmoothing = fields.GetValueOrDefault("eff") == "no",
            }
            : null;
    }
}
