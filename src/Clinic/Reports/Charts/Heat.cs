using System.Globalization;

namespace TransformerClinic.Reports.Charts;

/// <summary>
/// Colors of a heat map, from dark violet over green to yellow, as bright as the value is high: matplotlib's "viridis",
/// linear between ten of its colors.
/// </summary>
internal static class Heat
{
    private static readonly int[] Colors =
    [
        0x440154,
        0x482878,
        0x3E4A89,
        0x31688E,
        0x26828E,
        0x1F9E89,
        0x35B779,
        0x6CCE59,
        0xB4DE2C,
        0xFDE725,
    ];

    /// <summary>The color of a share of the highest value; outside of 0 to 1 it is the color of the end.</summary>
    public static string Of(double share)
    {
        var at = Math.Clamp(share, 0, 1) * (Colors.Length - 1);
        var low = Math.Min((int)at, Colors.Length - 2);
        int Mixed(int shift)
        {
            var (from, to) = ((Colors[low] >> shift) & 0xFF, (Colors[low + 1] >> shift) & 0xFF);
            return (int)Math.Round(from + ((at - low) * (to - from)));
        }

        return string.Create(CultureInfo.InvariantCulture, $"#{Mixed(16):X2}{Mixed(8):X2}{Mixed(0):X2}");
    }
}
