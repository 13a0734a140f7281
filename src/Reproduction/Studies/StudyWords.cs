using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>How studies write names and numbers.</summary>
internal static class StudyWords
{
    /// <summary>A law of growth.</summary>
    public static string Law(OutputChange? law) =>
        law switch
        {
            OutputChange.Linear => "N",
            OutputChange.LogN => "log N",
            OutputChange.Constant => "1",
            _ => "none",
        };

    /// <summary>A number with some decimals.</summary>
    public static string Fixed(double value, int decimals = 2) => Numbers.Fixed(value, decimals);

    /// <summary>A setting.</summary>
    public static StudySetting Setting(string name, object value) =>
        new(name, Convert.ToString(value, CultureInfo.InvariantCulture)!);

    /// <summary><c>count</c> seeds from 1.</summary>
    public static IReadOnlyList<long> Seeds(int count) => [.. Enumerable.Range(1, count).Select(seed => (long)seed)];
}
