using System.Text.RegularExpressions;

namespace TransformerClinic.Tests.Architecture;

/// <summary>A file of the checkout.</summary>
/// <param name="Path">Its path from the checkout's folder, with <c>/</c>.</param>
internal sealed partial record SourceFile(string Path)
{
    private static readonly string[] Built = ["bin", "obj", "TestResults", ".git", "runs", "node_modules"];

    public string[] Lines { get; } = File.ReadAllLines(RepositoryRoot.PathOf(Path));

    /// <summary>Lines without those that are comment only.</summary>
    public IEnumerable<string> Code =>
        Lines.Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    public string Folder => Path[..Math.Max(0, Path.LastIndexOf('/'))];

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The namespace that the file declares, or null.</summary>
    public string? Namespace =>
        Code.Select(line => FileNamespace().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;

    /// <summary>Kind and name of the types that do not lie in others.</summary>
    public IReadOnlyList<(string Kind, string Name)> Types =>
        [.. Code.Select(TypeIn).Where(type => type is not null).Select(type => type!.Value)];

    /// <summary>Files below folders of the checkout, those that were built left out.</summary>
    public static IReadOnlyList<SourceFile> Below(string[] folders, params string[] extensions)
    {
        var root = RepositoryRoot.PathOf();
        return
        [
            .. folders
                .Select(folder => RepositoryRoot.PathOf(folder))
                .Where(Directory.Exists)
                .SelectMany(Files)
                .Where(path => extensions.Contains(System.IO.Path.GetExtension(path), StringComparer.Ordinal))
                .Select(path => System.IO.Path.GetRelativePath(root, path).Replace('\\', '/'))
                .Order(StringComparer.Ordinal)
                .Select(path => new SourceFile(path)),
        ];
    }

    /// <summary>Kind and name of the type that a line declares at its beginning.</summary>
    public static (string Kind, string Name)? TypeIn(string line) =>
        TopLevelType().Match(line) is { Success: true } match
            ? (match.Groups["kind"].Value, match.Groups["name"].Value)
            : null;

    public override string ToString() => Path;

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFiles(folder)
            .Concat(
                Directory
                    .EnumerateDirectories(folder)
                    .Where(inner => !Built.Contains(System.IO.Path.GetFileName(inner), StringComparer.Ordinal))
                    .SelectMany(Files)
            );

    [GeneratedRegex(@"^namespace ([\w.]+);")]
    private static partial Regex FileNamespace();

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe) )*"
            + @"(?:(?<kind>class|record struct|record|struct|interface|enum) |(?<kind>delegate) \S+ )(?<name>\w+)"
    )]
    private static partial Regex TopLevelType();
}
