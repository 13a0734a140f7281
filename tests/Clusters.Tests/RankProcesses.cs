using System.Diagnostics;
using System.Globalization;

namespace TransformerClinic.Clusters.Tests;

/// <summary>The processes of a group, found by a word of their command line.</summary>
internal static class RankProcesses
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The process of a rank; null if there is none.</summary>
    public static int? Of(int rank, string word) =>
        With(word)
            .Where(process =>
                Lines($"/proc/{process}/environ")
                    .Any(variable => variable == $"OMPI_COMM_WORLD_RANK={rank}" || variable == $"PMI_RANK={rank}")
            )
            .Select(process => (int?)process)
            .FirstOrDefault();

    /// <summary>Waits until no process has the word.</summary>
    public static void AssertNoneLeft(string word)
    {
        var clock = Stopwatch.StartNew();
        while (With(word).Any() && clock.Elapsed < Patience)
        {
            Thread.Sleep(50);
        }

        Assert.Empty(With(word));
    }

    /// <summary>Processes with a word on the command line that are not launchers.</summary>
    private static IEnumerable<int> With(string word) =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(name => name!.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(process =>
                Lines($"/proc/{process}/cmdline") is [var program, ..] line
                && Path.GetFileName(program) is "clinic" or "group-operations"
                && line.Any(part => part.Contains(word, StringComparison.Ordinal))
            );

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllText(path).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            return []; // it has just ended
        }
        catch (UnauthorizedAccessException)
        {
            return []; // of another user
        }
    }
}
