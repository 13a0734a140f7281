using System.Globalization;
using System.Text;
using TransformerClinic.Common;

namespace TransformerClinic.Reports.Charts;

/// <summary>
/// A lower triangle of values as a heat map: row i from the top, column j, <c>1 &lt;= j &lt;= i</c>, as the paper's
/// figures 7 and 8.
/// </summary>
/// <param name="Name">The files' name without ending.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Reading">What to look for.</param>
/// <param name="Rows">Row i has i values.</param>
/// <param name="Highest">The value of the brightest color; those above it get the same.</param>
internal sealed record TriangleDrawing(
    string Name,
    string Title,
    string Reading,
    IReadOnlyList<IReadOnlyList<double>> Rows,
    double Highest
) : Drawing(Name, Title, Reading)
{
    private const int Shades = 64;

    /// <inheritdoc/>
    public override string Csv()
    {
        var csv = new StringBuilder("i,j,value\n");
        foreach (var (i, row) in Rows.Index())
        {
            foreach (var (j, value) in row.Index())
            {
                csv.Append(CultureInfo.InvariantCulture, $"{i + 1},{j + 1},{value:R}\n");
            }
        }

        return csv.ToString();
    }

    /// <inheritdoc/>
    public override Chart Chart()
    {
        var n = Rows.Count;
        // The scale of colors, next to the last branch.
        var scale = n + 0.5 + (0.04 * n);
        int[] ticks = [.. Enumerable.Range(1, n).Where(i => i % TickStep(n) == 0 || i == 1)];
        var chart = new Chart(
            new Axis(0.4, scale + (0.17 * n), [.. ticks.Select(i => ((double)i, Numbers.Plain(i)))]),
            new Axis(-0.05 * n, 1.05 * n, [.. ticks.Select(i => (n - i + 0.5, Numbers.Plain(i)))]),
            "branch a_j",
            "state x_i"
        )
        {
            HasGrid = false,
        };
        foreach (var (i, row) in Rows.Index())
        {
            foreach (var (j, value) in row.Index())
            {
                chart.Cell(j + 0.5, j + 1.5, n - i - 1, n - i, Heat.Of(value / Highest));
            }
        }

        for (var shade = 0; shade < Shades; shade++)
        {
            double At(int i) => (double)i * n / Shades;
            chart.Cell(scale, scale + (0.04 * n), At(shade), At(shade + 1), Heat.Of((shade + 0.5) / Shades));
        }

        foreach (var quarter in Enumerable.Range(0, 5))
        {
            var value = Numbers.Fixed(Highest * quarter / 4, decimals: 2);
            chart.Text(scale + (0.05 * n), n * quarter / 4.0, value, Anchor.Start);
        }

        return chart;
    }

    private static int TickStep(int rows) =>
        rows switch
        {
            <= 12 => 1,
            <= 30 => 3,
            <= 60 => 6,
            _ => 20,
        };
}
