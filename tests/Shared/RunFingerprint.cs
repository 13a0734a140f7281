using System.Globalization;
using System.Text.Json.Nodes;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Shared;

/// <summary>
/// All that a run leaves behind, but for times: the hash of every file of weights, optimizer state and translations,
/// and state, log and results without their clocks. Two runs that came to the same have equal lines.
/// </summary>
internal static class RunFingerprint
{
    private static readonly string[] Clocks = ["seconds", "tokensPerSecond"];
    private static readonly string[] Bytes =
    [
        "*.safetensors",
        "translations.tsv",
        "subwords.json",
        "config.json",
        "batch.*",
    ];

    public static IReadOnlyList<string> Of(string run) =>
        [
            .. Bytes
                .SelectMany(pattern => Directory.EnumerateFiles(run, pattern, SearchOption.AllDirectories))
                .Select(file => $"{Path.GetRelativePath(run, file)} {ContentHash.OfFile(file)}")
                .Order(StringComparer.Ordinal),
            .. Directory
                .EnumerateFileSystemEntries(Path.Combine(run, "checkpoints"))
                .Select(path => Path.GetFileName(path)!)
                .Order(StringComparer.Ordinal),
            .. Directory
                .EnumerateFiles(run, "state.json", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file => $"{Path.GetRelativePath(run, file)} {WithoutClocks(File.ReadAllText(file))}"),
            .. File.ReadLines(Path.Combine(run, "log.jsonl")).Select(WithoutClocks),
            WithoutClocks(File.ReadAllText(Path.Combine(run, "results.json"))),
        ];

    /// <summary>The first line in which two runs differ, for a message; null where they came to the same.</summary>
    public static string? Difference(IReadOnlyList<string> whole, IReadOnlyList<string> resumed)
    {
        var length = Math.Max(whole.Count, resumed.Count);
        var at = Enumerable
            .Range(0, length)
            .FirstOrDefault(i => whole.ElementAtOrDefault(i) != resumed.ElementAtOrDefault(i), -1);
        return at < 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"line {at}:\n{whole.ElementAtOrDefault(at)}\n{resumed.ElementAtOrDefault(at)}"
            );
    }

    private static string WithoutClocks(string json)
    {
        var node = JsonNode.Parse(json)!;
        Strip(node);
        return node.ToJsonString();
    }

    private static void Strip(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                Array.ForEach(Clocks, clock => fields.Remove(clock));
                foreach (var (_, value) in fields)
                {
                    Strip(value);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Strip(item);
                }

                break;
        }
    }
}
