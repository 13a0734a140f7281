using System.Globalization;

namespace TransformerClinic.Common;

/// <summary>
/// How numbers are written for people, on pages, in tables and in sentences: the same everywhere, whatever the
/// machine's language. Files for programs have their own formats.
/// </summary>
internal static class Numbers
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>What stands for a number that was not measured.</summary>
    public const string Missing = "–";

    /// <summary>A loss in nats: <c>3.214</c>.</summary>
    public static string Loss(double? nats) => Fixed(nats, "0.000");

    /// <summary>A perplexity: <c>24.9</c>, <c>1,204</c>, <c>5.3e9</c>.</summary>
    public static string Perplexity(double? value) =>
        value switch
        {
            >= 1e6 => Fixed(value, "0.0e0"),
            >= 100 => Fixed(value, "#,0"),
            _ => Fixed(value, "0.0"),
        };

    /// <summary>A BLEU score: <c>23.41</c>.</summary>
    public static string Bleu(double? score) => Fixed(score, "0.00");

    /// <summary>A score of any metric, or a share of it: <c>23.41</c>.</summary>
    public static string Score(double? score) => Fixed(score, "0.00");

    /// <summary>A p-value: <c>0.0312</c>.</summary>
    public static string PValue(double? p) => Fixed(p, "0.0000");

    /// <summary>A coefficient of determination: <c>0.98</c>.</summary>
    public static string RSquared(double? value) => Fixed(value, "0.00");

    /// <summary>A number whose precision only its writer knows.</summary>
    public static string Fixed(double? value, int decimals) => Fixed(value, "F" + decimals.ToString(Culture));

    /// <summary>A speed: <c>1234.5 tokens/s</c>.</summary>
    public static string Speed(double rate, string unit) => $"{Fixed(rate, "0.0")} {unit}/s";

    /// <summary>An omega: <c>1.319</c>.</summary>
    public static string Omega(double? value) => Fixed(value, "0.000");

    /// <summary>A number of any size with three digits: <c>0.42</c>, <c>1.2e-5</c>.</summary>
    public static string ThreeDigits(double? value) =>
        value switch
        {
            null => Missing,
            0 => "0",
            { } v when Math.Abs(v) is >= 1e-3 and < 1000 => v.ToString("G3", Culture),
            { } v when Math.Abs(v) is >= 1000 and < 1e7 => v.ToString("#,0", Culture),
            _ => Fixed(value, "0.##e0"),
        };

    /// <summary>A count: <c>12,400</c>.</summary>
    public static string Count(double value) => Fixed(value, "#,0");

    /// <summary>A number that is a name, such as a seed: <c>1111</c>.</summary>
    public static string Plain(long value) => value.ToString(Culture);

    /// <summary>A rounded count: <c>12.4 million</c>.</summary>
    public static string RoughCount(double value) =>
        Math.Abs(value) switch
        {
            >= 999_950_000 => Fixed(value / 1e9, "0.0") + " billion",
            >= 999_950 => Fixed(value / 1e6, "0.0") + " million",
            _ => Count(value),
        };

    /// <summary>A time: <c>42 s</c>, <c>9 min 42 s</c>, <c>3 h 5 min</c>.</summary>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
        {
            return Missing;
        }

        var whole = (long)Math.Round(seconds);
        return whole switch
        {
            >= 3600 => string.Create(Culture, $"{whole / 3600} h {whole % 3600 / 60} min"),
            >= 60 => string.Create(Culture, $"{whole / 60} min {whole % 60} s"),
            _ => string.Create(Culture, $"{whole} s"),
        };
    }

    private static string Fixed(double? value, string format) =>
        value switch
        {
            null => Missing,
            double.NaN => "not a number",
            double.PositiveInfinity => "infinite",
            double.NegativeInfinity => "−infinite",
            { } number => number.ToString(format, Culture),
        };
}
