using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>
/// What folders of one kind hold. A folder that is written whole takes the place of what bears its name, so it may only
/// take the place of one of its own kind: whatever else the user has there must not be lost.
/// </summary>
/// <param name="What">Such a folder in words, such as <c>a model</c>.</param>
/// <param name="Files">Names of all files that such a folder may hold.</param>
/// <param name="Marks">Names of those that every such folder holds.</param>
public sealed record FolderContents(string What, IReadOnlyList<string> Files, IReadOnlyList<string> Marks)
{
    /// <summary>Checks that a folder of this kind may be put at a path.</summary>
    /// <exception cref="UserErrorException">
    /// A file is there or in the way, or a folder that holds anything else or is being worked in.
    /// </exception>
    public void CheckReplaceable(string path)
    {
        FolderPath.RefuseFiles(path, path);
        if (!Directory.Exists(path))
        {
            return;
        }

        string[] found = [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry))];

        // Of the others, one that the user sees is named first.
        var others = found
            .Except(Files)
            .OrderBy(name => name.StartsWith('.'))
            .ThenBy(name => name, StringComparer.Ordinal);
        if (others.FirstOrDefault() is { } other)
        {
            throw Refusal(path, $"holds something other than {What} ({other}, for one)");
        }

        if (found.Length > 0 && Marks.Except(found).FirstOrDefault() is { } missing)
        {
            throw Refusal(path, $"holds {found[0]} but no {missing}, so it is not {What}");
        }

        if (LinkTarget.Of(path) == Path.GetFullPath("."))
        {
            throw Refusal(path, "is the working folder");
        }
    }

    private static UserErrorException Refusal(string path, string why) =>
        new($"{path}: this folder {why}, and would be replaced. Name a new or empty folder.");
}
