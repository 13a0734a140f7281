using System.Globalization;
using System.Reflection;

namespace TransformerClinic.Scoring;

/// <summary>What a score depends on, in sacreBLEU's notation and order; the version says honestly that it was computed here.</summary>
internal static class BleuSignature
{
    public static string Of(BleuOptions options, int references) => string.Create(
        CultureInfo.InvariantCulture,
        $"nrefs:{references}|case:{(options.LowerCase ? "lc" : "mixed")}|eff:{(options.EffectiveOrder ? "yes" : "no")}|tok:{Name(options.Tokenization)}|smooth:{Smoothing(options)}|version:TransformerClinic-{Version}");

    private static string Version =>
        typeof(BleuSignature).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static string Name(BleuTokenization tokenization) => tokenization switch
    {
        BleuTokenization.Mteval13a => "13a",
        BleuTokenization.International => "intl",
        BleuTokenization.Character => "char",
        _ => "none",
    };

    private static string Smoothing(BleuOptions options) => options.Smoothing switch
    {
        BleuSmoothing.Exponential => "exp",
        BleuSmoothing.Floor => $"floor[{Value(options)}]",
        BleuSmoothing.AddK => $"add-k[{Value(options)}]",
        _ => "none",
    };

    private static string Value(BleuOptions options) => BleuPrecisions.Value(options).ToString("F2", CultureInfo.InvariantCulture);
}
