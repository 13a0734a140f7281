using System.Globalization;
using TransformerClinic.Runs.Certificates;

namespace TransformerClinic.Reports;

/// <summary>An export's certificate in a few lines for a terminal.</summary>
internal static class ExportSummary
{
    /// <summary>The lines, each ending with a line feed.</summary>
    public static string Text(ExportCertificate certificate, string folder)
    {
        string[] lines =
        [
            $"{certificate.Source}, sha256 {certificate.Original.Sha256}, to {certificate.Target}",
            .. certificate.Folded?.Select(FoldingSummary.Stack) ?? [],
            .. FoldingSummary.WordVectors(certificate.FixNorm),
            .. certificate.Files.Select(file =>
                string.Create(CultureInfo.InvariantCulture, $"  {file.Bytes, 13:N0} bytes  {file.Name}")
            ),
            .. Compared("float32", certificate.Comparison),
            .. Compared("int8", certificate.Int8),
            .. certificate.Comparison?.Translations.Differing.SelectMany(Differing) ?? [],
            certificate.Verdict,
            certificate.Holds ? $"written: {folder}" : $"nothing was written to {folder}",
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private static IEnumerable<string> Compared(string type, ExportComparison? comparison)
    {
        if (comparison is null)
        {
            yield break;
        }

        var (logits, translations) = (comparison.Logits, comparison.Translations);
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{type}, computed by {comparison.Client}: logits of {logits.Tokens:N0} target tokens differ by "
                + $"{logits.Difference.Relative:g2} of the largest; greedy search gives {translations.Identical:N0} of "
                + $"{translations.Sentences:N0} translations identical, {translations.IdenticalTokens:N0} of "
                + $"{translations.Tokens:N0} tokens"
        );
        if (comparison.Bleu is { } bleu)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"  BLEU {bleu.Exported:0.00}, of the original {bleu.Original:0.00}"
            );
        }
    }

    private static IEnumerable<string> Differing(DifferingExport differing) =>
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"line {differing.Line}, token {differing.Token}: the two logits are {differing.Gap:g2} of the largest "
                    + $"apart, {(differing.IsTie ? "a tie" : "no tie")}"
            ),
            $"  original {differing.Original}",
            $"  exported {differing.Exported}",
        ];
}
