using TransformerClinic.Pages.Elements;

namespace TransformerClinic.Reports;

/// <summary>How to make a run or a comparison again.</summary>
internal static class Reproduction
{
    /// <summary>What a page shows of it.</summary>
    public static ReproductionView View(
        IReadOnlyList<string> commands,
        string recipe,
        IReadOnlyList<string> environment
    ) =>
        new()
        {
            Commands = Lines(commands),
            Recipe = Lines([recipe]),
            Environment = Lines(environment),
        };

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines).TrimEnd();
}
