using System.Globalization;
using System.Text;

namespace Samples.Comparison;

/// <summary>Curves as numbers.</summary>
internal static class LossTable
{
    /// <summary>Held-out losses side by side, one line per point.</summary>
    public static string Text(IReadOnlyList<LossCurve> curves)
    {
        var text = new StringBuilder();
        text.AppendLine(
            string.Concat(curves.Select(curve => $"{curve.Name, 10}").Prepend("held-out loss after updates"))
        );
        foreach (var (i, point) in curves[0].Points.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Update, 27}");
            foreach (var curve in curves)
            {
                text.Append(CultureInfo.InvariantCulture, $"{curve.Points[i].HeldOut, 10:0.000}");
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    /// <summary>Everything, as comma-separated values.</summary>
    public static string Csv(IReadOnlyList<LossCurve> curves)
    {
        var text = new StringBuilder("variant,update,training_loss,held_out_loss\n");
        foreach (var curve in curves)
        {
            foreach (var point in curve.Points)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{curve.Name},{point.Update},{point.Training:0.0000},{point.HeldOut:0.0000}\n"
                );
            }
        }

        return text.ToString();
    }
}
