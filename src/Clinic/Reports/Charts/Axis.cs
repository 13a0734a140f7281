using System.Globalization;
using TransformerClinic.Common;

namespace TransformerClinic.Reports.Charts;

/// <summary>
/// An axis with its ticks, which do not depend on fonts: the same run draws the same page everywhere.
/// </summary>
/// <param name="Min">Lowest coordinate.</param>
/// <param name="Max">Highest coordinate.</param>
/// <param name="Ticks">Coordinates with their labels.</param>
internal sealed record Axis(double Min, double Max, IReadOnlyList<(double At, string Label)> Ticks)
{
    /// <summary>Whether coordinates are decimal logarithms of the values.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>The coordinate of a value.</summary>
    public double Of(double value) => Logarithmic ? Math.Log10(value) : value;

    /// <summary>An axis of updates, from 0: its ticks are whole numbers.</summary>
    public static Axis OfUpdates(IEnumerable<double> steps) => Around([0, .. steps], fromZero: true, least: 1);

    /// <summary>
    /// A linear axis around <paramref name="values"/> with about five ticks at round numbers, multiples of
    /// <paramref name="least"/> apart.
    /// </summary>
    public static Axis Around(IEnumerable<double> values, bool fromZero = false, double least = 0)
    {
        var (low, high) = Range(values);
        low = fromZero ? Math.Min(0, low) : low;
        if (high - low <= 1e-9 * Math.Abs(high))
        {
            var room = high == 0 ? 1 : Math.Abs(high) * 0.1;
            (low, high) = (fromZero && low == 0 ? 0 : low - room, high + room);
        }

        var step = RoundStep((high - low) / 5);
        step = least > 0 ? Math.Max(1, Math.Floor(step / least)) * least : step;
        var margin = (high - low) * 0.04;
        var (min, max) = (fromZero && low == 0 ? 0 : low - margin, high + margin);
        var first = (long)Math.Ceiling(min / step);
        var last = (long)Math.Floor(max / step);
        var ticks = Enumerable
            .Range(0, (int)(last - first + 1))
            .Select(i => (first + i) * step)
            .Select(at => (at, Label(at, step, Math.Max(-min, max))));
        return new Axis(min, max, [.. ticks]);
    }

    /// <summary>
    /// A logarithmic axis around positive <paramref name="values"/>, with ticks at 1, 2 and 5 times powers of ten, at
    /// more or fewer where the values are close or far apart.
    /// </summary>
    public static Axis AroundLogarithms(IReadOnlyList<double> values)
    {
        var (low, high) = Range(values.Where(value => value > 0).Select(Math.Log10));
        var margin = Math.Max(0.05, (high - low) * 0.04);
        var axis = new Axis(low - margin, high + margin, []) { Logarithmic = true };
        double[] marks =
            high - low > 3 ? [1]
            : high - low > 0.7 ? [1, 2, 5]
            : [1, 1.5, 2, 3, 4, 5, 7];
        var ticks = Enumerable
            .Range((int)Math.Floor(axis.Min), (int)(Math.Ceiling(axis.Max) - Math.Floor(axis.Min)) + 1)
            .SelectMany(power => marks.Select(mark => mark * Math.Pow(10, power)))
            .Select(value => (At: Math.Log10(value), Label: Numbers.ThreeDigits(value)))
            .Where(tick => tick.At >= axis.Min && tick.At <= axis.Max);
        return axis with { Ticks = [.. ticks] };
    }

    /// <summary>
    /// Ticks of perplexity next to a vertical axis of nats: at <c>ln p</c> for round <c>p</c>, never closer than a
    /// label is high.
    /// </summary>
    public IReadOnlyList<(double At, string Label)> PerplexityTicks()
    {
        var ticks = new List<(double At, string Label)>();
        var closest = (Max - Min) / 8;
        for (var power = 0; power <= 12; power++)
        {
            foreach (var mark in (double[])[1, 1.5, 2, 3, 5, 7])
            {
                var perplexity = mark * Math.Pow(10, power);
                var at = Math.Log(perplexity);
                if (at >= Min && at <= Max && (ticks.Count == 0 || at - ticks[^1].At >= closest))
                {
                    ticks.Add(
                        (
                            at,
                            perplexity < 10
                                ? perplexity.ToString("0.#", CultureInfo.InvariantCulture)
                                : Numbers.Perplexity(perplexity).Replace(".0", "", StringComparison.Ordinal)
                        )
                    );
                }
            }
        }

        return ticks;
    }

    private static (double Low, double High) Range(IEnumerable<double> values)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values.Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return low <= high ? (low, high) : (0, 1);
    }

    private static double RoundStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double[] roundSteps = [1, 2, 2.5, 5, 10];
        return power * roundSteps.First(step => step * power >= rough * 0.999);
    }

    private static string Label(double at, double step, double largest)
    {
        if (at == 0)
        {
            return "0";
        }

        if (largest is >= 1e6 and < 1e9)
        {
            return (at / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + "M";
        }

        if (step < 1e-4 || largest >= 1e9)
        {
            return at.ToString("0.##e0", CultureInfo.InvariantCulture);
        }

        var decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(step) - 1e-9));
        decimals +=
            Math.Abs((step * Math.Pow(10, decimals)) - Math.Round(step * Math.Pow(10, decimals))) > 1e-6 ? 1 : 0;
        return at.ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture);
    }
}
