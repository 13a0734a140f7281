using System.Text.Json;
using TransformerClinic.Common;

namespace TransformerClinic.Comparisons.Recommendations;

/// <summary>A comparison that recommendations may rest on.</summary>
/// <param name="Source">Where it is from: a file, or a name of one that comes with the program.</param>
/// <param name="Results">The comparison.</param>
internal sealed record Evidence(string Source, ComparisonResults Results)
{
    private const string Prefix = "evidence/";

    /// <summary>The project's own comparisons, which are also in docs/data/evidence.</summary>
    public static IReadOnlyList<Evidence> Own()
    {
        var assembly = typeof(Evidence).Assembly;
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var content = assembly.GetManifestResourceStream(name)!;
                    using var reader = new StreamReader(content);
                    return new Evidence(
                        $"docs/data/{name}",
                        Files.Json.FromLine<ComparisonResults>(reader.ReadToEnd())
                            ?? throw new JsonException($"{name} is empty.")
                    );
                }),
        ];
    }

    /// <summary>A file that a comparison wrote, or the folder that it is in.</summary>
    /// <exception cref="UserErrorException">It is missing, damaged, of another format or not finished.</exception>
    public static Evidence Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, ComparisonResults.FileName) : path;
        var results = ComparisonResults.Read(file);
        return results.Complete
            ? new Evidence(path, results)
            : throw new UserErrorException(
                $"{path}: this comparison is not finished; a recommendation needs all of its trainings."
            );
    }

    /// <summary>Median target tokens of its runs that trained; null if none did.</summary>
    public long? Tokens
    {
        get
        {
            long[] tokens =
            [
                .. Results.Runs.Where(run => !run.Results.Failed).Select(run => run.Results.Tokens).Order(),
            ];
            return tokens.Length == 0 ? null : tokens[(tokens.Length - 1) / 2];
        }
    }

    /// <summary>Its layers in short: <c>18+18</c>.</summary>
    public string Depth => $"{Results.Setting.EncoderLayers}+{Results.Setting.DecoderLayers}";

    /// <summary>What it is, in words.</summary>
    public string Words()
    {
        var (setting, runs) = (Results.Setting, Results.Runs);
        var pairs = setting.TrainingPairs is { } count ? $", {Numbers.Count(count)} pairs" : "";
        var tokens = Tokens is { } each ? $", {Numbers.RoughCount(each)} target tokens each" : "";
        var trainings = Results.Search.Count == 0 ? "" : $" and {Results.Search.Count} trainings of a search for rates";
        return $"{runs.Count} runs{trainings} of {Results.Recipe} ({Depth} layers, dim {setting.Dim}, "
            + $"{setting.Languages}{pairs}{tokens}): {Source}";
    }
}
