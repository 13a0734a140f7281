namespace TransformerClinic.Bench.Training;

/// <summary>A report as text.</summary>
internal static class TrainingTable
{
    public static void Write(TextWriter to, TrainingReport report)
    {
        to.WriteLine(
            $"{report.Configuration}: {report.Says}; {report.Parameters:N0} parameters, {report.Workers} workers, "
                + $"{report.Rounds} updates each, medians"
        );
        to.WriteLine(
            $"{report.Batches} batches, {report.TargetTokens:N0} target tokens per update, {report.PaddingShare:P1} "
                + $"padding; peak memory {report.PeakMemoryBytes / 1e9:0.00} GB; bf16 over fp32 "
                + $"{report.Bf16OverFp32:0.00}"
        );
        to.WriteLine(
            "        tokens/s  s/update  forward backward optimizer   data  other  GFLOP/s   peak  utilization"
        );
        WriteRow(to, "fp32", report.Fp32);
        WriteRow(to, "bf16", report.Bf16);
    }

    private static void WriteRow(TextWriter to, string precision, PrecisionReport row) =>
        to.WriteLine(
            $"{precision, -6}{row.TokensPerSecond, 10:N0}{row.SecondsPerUpdate, 10:0.000}{row.Forward, 9:P1}"
                + $"{row.Backward, 9:P1}{row.Optimizer, 10:P2}{row.Data, 7:P2}{row.Other, 7:P1}{row.GigaFlops, 9:0.0}"
                + $"{row.PeakGigaFlops, 7:0.0}{row.Utilization, 13:0.000}"
        );
}
