using System.Globalization;

namespace TransformerClinic.Scoring.Bleu;

/// <summary>The settings of BLEU in sacreBLEU's notation and order.</summary>
internal static class BleuSignature
{
    public static string Of(BleuOptions options) =>
        $"case:{(options.LowerCase ? "lc" : "mixed")}|eff:{(options.EffectiveOrder ? "yes" : "no")}"
        + $"|tok:{BleuTokenizations.NameOf(options.Tokenization)}|smooth:{Smoothing(options)}";

    private static string Smoothing(BleuOptions options) =>
        options.Smoothing switch
        {
            BleuSmoothing.Exponential => "exp",
            BleuSmoothing.Floor => $"floor[{Value(options)}]",
            BleuSmoothing.AddK => $"add-k[{Value(options)}]",
            _ => "none",
        };

    private static string Value(BleuOptions options) =>
        BleuPrecisions.Value(options).ToString("F2", CultureInfo.InvariantCulture);
}
