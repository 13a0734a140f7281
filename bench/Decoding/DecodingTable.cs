namespace TransformerClinic.Bench.Decoding;

/// <summary>A report as text.</summary>
internal static class DecodingTable
{
    public static void Write(TextWriter to, DecodingReport report)
    {
        to.WriteLine($"{report.Model}; medians of {report.Rounds} rounds\n");
        to.WriteLine(
            "batch  beam  threads  variant     sentences/s  over plain  by processor time    BLEU  same tokens"
        );
        foreach (var speed in report.Speeds)
        {
            var score = report.Scores.FirstOrDefault(score =>
                score.Variant == speed.Variant && score.Beam == speed.Beam
            );
            to.WriteLine(
                $"{speed.Batch, 5}{speed.Beam, 6}{speed.Workers, 9}  "
                    + $"{speed.Variant, -10}{speed.SentencesPerSecond, 13:0.00}{speed.OverPlain, 12:0.00}"
                    + $"{speed.OverPlainByProcessorTime, 19:0.00}"
                    + (score is null ? "" : $"{score.Bleu, 8:0.00}{$"{score.Same}/{score.Sentences}", 13}")
            );
        }

        to.WriteLine("\nmilliseconds of processor time per sentence by its length, batch 1, beam 5");
        foreach (var growth in report.Growth)
        {
            var points = growth.Lengths.Zip(growth.Seconds, (length, seconds) => $"{length}: {1000 * seconds:0.0}");
            to.WriteLine(
                $"{growth.Variant, -10}  {string.Join("  ", points)}  "
                    + $"line: {1000 * growth.Line.Slope:0.00} per token and {1000 * growth.Line.Intercept:0.0}, "
                    + $"R^2 {growth.Line.RSquared:0.0000}"
            );
        }

        if (report.Signature is { } signature)
        {
            to.WriteLine($"\nBLEU: {signature}");
        }
    }
}
