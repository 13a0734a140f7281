using System.Text;
using System.Text.RegularExpressions;

namespace TransformerClinic.Files;

/// <summary>
/// The SHA-256 of a folder's files in a file next to them, <c>SHA256SUMS</c>: one line <c>hash  name</c> each, which
/// <c>sha256sum --check</c> can also read. A byte that changes in any of them, including this one, is detected.
/// </summary>
internal static partial class HashList
{
    /// <summary>The list's own name.</summary>
    public const string FileName = "SHA256SUMS";

    /// <summary>Writes the list of some files of a folder.</summary>
    public static void Write(string folder, IReadOnlyList<string> files) =>
        AtomicFile.WriteText(
            Path.Combine(folder, FileName),
            string.Concat(files.Select(file => $"{ContentHash.OfFile(Path.Combine(folder, file))}  {file}\n"))
        );

    /// <summary>
    /// What is wrong with a folder that should contain exactly these files and their list, or null. Other files are not
    /// examined.
    /// </summary>
    public static string? Damage(string folder, IReadOnlyList<string> files)
    {
        try
        {
            return Path.Combine(folder, FileName) is var list && !File.Exists(list) ? $"{FileName} is missing"
                : Listed(list) is not { } hashes ? $"{FileName} is not a list of hashes"
                : hashes.Keys.Except(files).FirstOrDefault() is { } surplus
                    ? $"{FileName} has a line for {surplus}, which does not belong there"
                : files.Select(file => Damage(folder, file, hashes)).FirstOrDefault(damage => damage is not null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"it cannot be read ({exception.Message})";
        }
    }

    private static string? Damage(string folder, string file, Dictionary<string, string> hashes)
    {
        var path = Path.Combine(folder, file);
        return !hashes.TryGetValue(file, out var hash) ? $"{FileName} has no line for {file}"
            : !File.Exists(path) ? $"{file} is missing"
            : hash != ContentHash.OfFile(path) ? $"{file} is not what was written (its hash differs)"
            : null;
    }

    /// <summary>Hashes by file, or null if a line is malformed or a file occurs twice.</summary>
    private static Dictionary<string, string>? Listed(string path)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = Encoding.UTF8.GetString(File.ReadAllBytes(path));
        foreach (var line in text.Split('\n')[..^1])
        {
            if (
                Line().Match(line) is not { Success: true } match
                || !hashes.TryAdd(match.Groups["file"].Value, match.Groups["hash"].Value)
            )
            {
                return null;
            }
        }

        return text.EndsWith('\n') ? hashes : null;
    }

    [GeneratedRegex(@"\A(?<hash>[0-9a-f]{64})  (?<file>[^\0\r/\\]+)\z")]
    private static partial Regex Line();
}
