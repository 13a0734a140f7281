using System.Globalization;
using System.Text;

namespace Samples.Comparison;

/// <summary>Curves as numbers.</summary>
internal static class LossTable
{
    private const int NumberWidth = 10;

    /// <summary>Held-out losses side by side, one line per point.</summary>
    public static string Text(IReadOnlyList<LossCurve> curves)
    {
        var width = Math.Max(NumberWidth, curves.Max(curve => curve.Name.Length) + 2);
        var text = new StringBuilder();
        text.AppendLine(
            string.Concat(curves.Select(curve => curve.Name.PadLeft(width)).Prepend("held-out loss after updates"))
        );
        foreach (var (i, point) in curves[0].Points.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.Update, 27}");
            foreach (var curve in curves)
            {
                text.Append(curve.Points[i].HeldOut.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(width));
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
