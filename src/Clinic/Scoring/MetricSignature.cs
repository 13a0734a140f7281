using System.Globalization;
using System.Reflection;

namespace TransformerClinic.Scoring;

/// <summary>
/// What a score depends on, in sacreBLEU's notation and order; the version says that it was computed here.
/// </summary>
internal static class MetricSignature
{
    private static string Version =>
        typeof(MetricSignature)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>The signature.</summary>
    /// <param name="settings">A metric's own settings.</param>
    /// <param name="references">How many references each line has.</param>
    /// <param name="sampling">How a significance test drew its samples; empty without a test.</param>
    public static string Of(string settings, int references, string sampling = "") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"nrefs:{references}|{(sampling.Length > 0 ? sampling + "|" : "")}{settings}"
                + $"|version:TransformerClinic-{Version}"
        );
}
