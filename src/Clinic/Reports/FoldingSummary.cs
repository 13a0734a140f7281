using System.Globalization;
using TransformerClinic.Folding;
using TransformerClinic.Model;
using TransformerClinic.Runs.Certificates;

namespace TransformerClinic.Reports;

/// <summary>A certificate in a few lines for a terminal.</summary>
internal static class FoldingSummary
{
    /// <summary>The lines, each ending with a line feed.</summary>
    public static string Text(FoldingCertificate certificate, string folder)
    {
        var logits = certificate.Logits;
        string[] lines =
        [
            $"{certificate.Source}, sha256 {certificate.Original.Sha256}",
            .. certificate.Stacks.Select(Stack),
            .. WordVectors(certificate.FixNorm),
            string.Create(
                CultureInfo.InvariantCulture,
                $"parameters: {certificate.Original.Parameters:N0} before, {certificate.Folded.Parameters:N0} after; "
                    + $"weights {certificate.Original.Bytes:N0} bytes before, {certificate.Folded.Bytes:N0} after"
            ),
            string.Create(
                CultureInfo.InvariantCulture,
                $"compared on {string.Join(", ", certificate.Text.Select(file => file.Name))}: logits of "
                    + $"{logits.Batches} batches, {logits.Sentences:N0} sentence pairs, {logits.Tokens:N0} target "
                    + $"tokens"
            ),
            "  largest difference                           of a logit  of the largest logit",
            Difference("the fold in float64, not rounded", logits.Algebra),
            Difference("the stored weights, computed in float64", logits.Rounding),
            Difference("the stored weights, computed in float32", logits.InUse),
            string.Create(
                CultureInfo.InvariantCulture,
                $"beam search (beam {certificate.Translations.Decoding.Beam}, length penalty "
                    + $"{certificate.Translations.Decoding.LengthPenalty}): {certificate.Translations.Identical:N0} "
                    + $"of {certificate.Translations.Sentences:N0} translations identical"
            ),
            .. certificate.Translations.Differing.SelectMany(Differing),
            certificate.Verdict,
            certificate.Holds
                ? $"written: {folder}, sha256 {certificate.Folded.Sha256}"
                : $"nothing was written to {folder}",
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }

    internal static string Stack(StackFolding stack)
    {
        var branches = stack is { SmallestBranchScale: 1, LargestBranchScale: 1 }
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"; branches scaled by {stack.SmallestBranchScale:g4} to {stack.LargestBranchScale:g4}"
            );
        var first =
            stack.First == FirstScale.One ? "the first was 1" : "the first went into the scale of the stack's input";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{stack.Stack.Word()}: {stack.Design ?? stack.Variant.Key()}, {stack.Connections} connections; "
                + $"shortcuts scaled by {stack.SmallestShortcutScale:g4} to {stack.LargestShortcutScale:g4} in "
                + $"absolute value, {first}{branches}"
        );
    }

    internal static IEnumerable<string> WordVectors(bool fixNorm) =>
        fixNorm ? ["word vectors: stored with the length 1 that the model uses them with (FixNorm)"] : [];

    private static string Difference(string what, LogitDifference difference) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"  {what, -43}  {difference.Absolute, 10:g2}  {difference.Relative, 20:g2}"
        );

    private static IEnumerable<string> Differing(DifferingTranslation differing)
    {
        var why = differing.SameInFloat64
            ? "a tie that float32 breaks in two ways: identical in float64"
            : "different in float64, too";
        return
        [
            string.Create(
                CultureInfo.InvariantCulture,
                $"line {differing.Line}, scores {Math.Abs(differing.OriginalScore - differing.FoldedScore):g2} "
                    + $"apart, {why}"
            ),
            string.Create(
                CultureInfo.InvariantCulture,
                $"  original {differing.OriginalScore:0.000000}: {differing.Original}"
            ),
            string.Create(
                CultureInfo.InvariantCulture,
                $"  folded   {differing.FoldedScore:0.000000}: {differing.Folded}"
            ),
        ];
    }
}
