using System.Text.Json;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Runs;

/// <summary>The batches that a run's guard against divergence kept (<c>offending/</c>).</summary>
internal static class OffendingBatchReader
{
    /// <summary>Rows of a batch that an answer holds.</summary>
    private const int MostRows = 500;

    /// <summary>The names of a run's batches.</summary>
    public static IReadOnlyList<string> NamesOf(RunPlace run)
    {
        var folder = new DirectoryInfo(Path.Combine(run.Folder, "offending"));
        return folder.Exists && folder.LinkTarget is null
            ?
            [
                .. folder
                    .EnumerateDirectories("*", RunFile.RealFolders)
                    .Select(found => found.Name)
                    .Order(StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>A batch; null if the run has none of this name, or its file cannot be read.</summary>
    public static OffendingBatchDescription? Read(RunPlace run, string name)
    {
        if (!NamesOf(run).Contains(name, StringComparer.Ordinal))
        {
            return null;
        }

        var folder = Path.Combine(run.Folder, "offending", name);
        if (RunFile.Bytes(Path.Combine(folder, "batch.json")) is not { } json)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, folder, name);
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Refusal.Invalid($"The batch {name} cannot be read: another version may have written it.");
        }
    }

    private static OffendingBatchDescription Read(JsonElement json, string folder, string name)
    {
        string[] rows = (RunFile.Text(Path.Combine(folder, "batch.tsv")) ?? "").Split('\n')[..^1];
        var undone = RunFile.Text(Path.Combine(folder, "undone.jsonl"));
        return new OffendingBatchDescription(
            name,
            json.GetProperty("update").GetInt64(),
            json.GetProperty("kind").GetString()!,
            json.GetProperty("treatment").GetString()!,
            json.GetProperty("cause").GetString()!,
            json.GetProperty("where").GetString()!,
            [
                .. json.GetProperty("batches")
                    .EnumerateArray()
                    .Select(batch => new KeptBatchDescription(
                        batch.GetProperty("epoch").GetInt32(),
                        batch.GetProperty("hash").GetString()!,
                        batch.GetProperty("examples").GetArrayLength()
                    )),
            ],
            [.. rows.Take(MostRows).Select(row => row.Split('\t')).Select(Pair)],
            rows.Length,
            undone?.Count(letter => letter == '\n') ?? 0
        );
    }

    private static PairDescription Pair(string[] cells) => new(cells[0], cells.Length > 1 ? cells[1] : "");
}
