using Spectre.Console;
using TransformerClinic.Common;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Output;

/// <summary>Checkpoints as a table on standard output.</summary>
internal static class CheckpointTable
{
    public static void Write(CheckpointList list)
    {
        var console = SpectreConsole.OnStandardOutput();
        if (list.Checkpoints.Count == 0)
        {
            console.WriteLine("no checkpoint yet");
            return;
        }

        var table = new Table().AddColumns("checkpoint", "update", "validation loss", "MB", "kept because", "state");
        foreach (var checkpoint in list.Checkpoints)
        {
            table.AddRow(Row(checkpoint, list.Verified).Select(SpectreConsole.Cell).ToArray());
        }

        console.Write(table);
    }

    private static string[] Row(ListedCheckpoint checkpoint, bool verified) =>
        [
            Path.GetFileName(checkpoint.Folder),
            checkpoint.Update is { } update ? Numbers.Plain(update) : "?",
            checkpoint.ValidationLoss is { } loss ? Numbers.Fixed(loss, decimals: 4) : "-",
            Numbers.Fixed(checkpoint.Bytes / 1e6, decimals: 2),
            string.Join(", ", checkpoint.KeptBecause.Select(because => because.ToString().ToLowerInvariant())),
            State(checkpoint, verified) + Surplus(checkpoint),
        ];

    private static string State(ListedCheckpoint checkpoint, bool verified) =>
        checkpoint.Damage ?? (verified ? "whole" : "hashes not checked (--verify)");

    private static string Surplus(ListedCheckpoint checkpoint) =>
        checkpoint.Surplus.Count > 0 ? $"; also present: {string.Join(", ", checkpoint.Surplus)}" : "";
}
