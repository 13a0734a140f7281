using System.Text.RegularExpressions;

namespace TransformerClinic.Files;

/// <summary>
/// Names next to a target while it is being replaced: <c>.name.tmp-0a1b2c3d</c> for the unfinished new one and
/// <c>.name.old-0a1b2c3d</c> for a folder that is being replaced.
/// </summary>
internal static partial class SiblingName
{
    public static string Temporary(string target) => Of(target, "tmp");

    public static string Old(string target) => Of(target, "old");

    /// <summary>Whether a path has a temporary name.</summary>
    public static bool IsTemporary(string path) =>
        Pattern().Match(Path.GetFileName(path)) is { Success: true } match && match.Groups["mark"].Value == "tmp";

    /// <summary>The target that an old folder was moved away for, or null for any other path.</summary>
    public static string? TargetOfOld(string path) =>
        Pattern().Match(Path.GetFileName(path)) is { Success: true } match && match.Groups["mark"].Value == "old"
            ? Path.Combine(Path.GetDirectoryName(path)!, match.Groups["name"].Value)
            : null;

    private static string Of(string target, string mark) =>
        Path.Combine(
            Path.GetDirectoryName(target)!,
            $".{Path.GetFileName(target)}.{mark}-{Guid.NewGuid().ToString("N")[..8]}"
        );

    [GeneratedRegex(@"^\.(?<name>.+)\.(?<mark>tmp|old)-[0-9a-f]{8}$")]
    private static partial Regex Pattern();
}
