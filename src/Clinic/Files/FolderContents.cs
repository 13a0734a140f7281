using TransformerClinic.Common;

namespace TransformerClinic.Files;

/// <summary>
/// The contents of folders of one kind. A folder that is written as a whole replaces whatever has its name, so it may
/// replace only one of its own kind: anything else that the user has there must not be lost.
/// </summary>
/// <param name="What">Such a folder in words, such as <c>a model</c>.</param>
/// <param name="Files">
/// Names of all files that such a folder may contain; <c>folder/file</c> is in a folder of it.
/// </param>
/// <param name="Marks">Names of those that every such folder contains.</param>
internal sealed record FolderContents(string What, IReadOnlyList<string> Files, IReadOnlyList<string> Marks)
{
    /// <summary>Checks that a folder of this kind may be written at a path.</summary>
    /// <exception cref="UserErrorException">
    /// A file is there or in the way, or a folder that contains anything else or is in use.
    /// </exception>
    public void CheckReplaceable(string path)
    {
        FolderPath.RefuseFiles(path, path);
        if (!Directory.Exists(path))
        {
            return;
        }

        string[] found = [.. Names(path)];

        // Of the other files, a visible one is named first.
        var others = found
            .Except(Files)
            .OrderBy(name => name.StartsWith('.'))
            .ThenBy(name => name, StringComparer.Ordinal);
        if (others.FirstOrDefault() is { } other)
        {
            throw Refusal(path, $"contains something other than {What} (for example {other})");
        }

        if (found.Length > 0 && Marks.Except(found).FirstOrDefault() is { } missing)
        {
            throw Refusal(path, $"contains {found[0]} but no {missing}, so it is not {What}");
        }

        if (LinkTarget.Of(path) == Path.GetFullPath("."))
        {
            throw Refusal(path, "is the working folder");
        }
    }

    /// <summary>What is in the folder, and what is in those folders of it that may be there.</summary>
    private IEnumerable<string> Names(string path) =>
        Directory
            .EnumerateFileSystemEntries(path)
            .Select(entry => Path.GetFileName(entry))
            .SelectMany(name =>
                Files.Any(file => file.StartsWith($"{name}/", StringComparison.Ordinal))
                && Directory.Exists(Path.Combine(path, name))
                    ? Directory
                        .EnumerateFileSystemEntries(Path.Combine(path, name))
                        .Select(inner => $"{name}/{Path.GetFileName(inner)}")
                    : [name]
            );

    private static UserErrorException Refusal(string path, string why) =>
        new($"{path}: this folder {why}, and it would be replaced. Name a new or empty folder.");
}
