using System.Globalization;

namespace TransformerClinic.Common;

/// <summary>A number with a fixed number of decimals, as sacreBLEU prints it.</summary>
internal static class FixedDecimals
{
    // Python rounds a tie to the even digit, .NET away from zero. Only multiples of 2^-(digits+1) can be ties.
    public static string Of(double value, int digits)
    {
        var canBeTie = double.IsInteger(value * (1 << (digits + 1)));
        var rounded = canBeTie ? Math.Round(value, digits, MidpointRounding.ToEven) : value;
        return rounded.ToString($"F{digits}", CultureInfo.InvariantCulture);
    }
}
