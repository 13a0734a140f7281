using TransformerClinic.Common;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>BLEU of every variant: a bar for the mean over seeds, a dot for each seed.</summary>
internal static class BleuFigure
{
    /// <summary>The figure, or null if no run was scored.</summary>
    public static FigureView? Of(IReadOnlyList<VariantRuns> variants)
    {
        if (variants.All(variant => variant.Bleus.Count == 0))
        {
            return null;
        }

        var x = Axis.Around([0, .. variants.SelectMany(variant => variant.Bleus)], fromZero: true);
        var y = new Axis(-0.5, variants.Count - 0.5, []);
        // 26 units for a bar, 26 for the name above it.
        var chart = new Chart(x, y, "BLEU of the test set", "", height: 70 + (variants.Count * 54));
        for (var i = 0; i < variants.Count; i++)
        {
            Draw(chart, variants[i], variants.Count - 1 - i);
        }

        return Figure.View(
            "variants-bleu",
            "BLEU of every variant",
            "How many word sequences of the translations are also in the references, from 0 to 100: higher is "
                + "better. Bars are means, dots single seeds.",
            [],
            chart,
            "Bar chart of BLEU. "
                + string.Join(
                    " ",
                    variants.Select(variant =>
                        variant.Bleus.Count == 0
                            ? $"{variant.Name}: none."
                            : $"{variant.Name}: {Numbers.Bleu(variant.Bleus.Average())}."
                    )
                ),
            NumbersOf(variants)
        );
    }

    private static void Draw(Chart chart, VariantRuns variant, int place)
    {
        var (above, below) = (place + 0.22, place - 0.18);
        chart.Text(above, Shorten(variant.Name));
        if (variant.Bleus.Count == 0)
        {
            chart.Text(above, variant.Failed == variant.Runs.Count ? "failed" : "not scored", right: true);
            return;
        }

        var mean = variant.Bleus.Average();
        chart.Text(above, Numbers.Bleu(mean), right: true);
        chart.Cell(0, mean, below - 0.18, below + 0.18, variant.Color, opacity: 0.6);
        if (variant.Bleus.Count > 1)
        {
            chart.Points([.. variant.Bleus.Select(bleu => (bleu, below))], Palette.Ink, 6);
        }
    }

    // A longer name would run into the score; the table has it whole.
    private static string Shorten(string name) => name.Length <= 36 ? name : string.Concat(name.AsSpan(0, 35), "…");

    private static TableView NumbersOf(IReadOnlyList<VariantRuns> variants) =>
        new(
            "BLEU of every variant",
            ["variant", "mean BLEU", "lowest", "highest", "runs scored"],
            [
                .. variants.Select(variant =>
                    (CellView[])(
                        variant.Bleus.Count == 0
                            ? [variant.Name, Numbers.Missing, Numbers.Missing, Numbers.Missing, "0"]
                            :
                            [
                                variant.Name,
                                Numbers.Bleu(variant.Bleus.Average()),
                                Numbers.Bleu(variant.Bleus.Min()),
                                Numbers.Bleu(variant.Bleus.Max()),
                                Numbers.Count(variant.Bleus.Count),
                            ]
                    )
                ),
            ]
        );
}
