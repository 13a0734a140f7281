namespace TransformerClinic.Tests.Shared;

/// <summary>The reference's recorded values, in the checkout; README.md there says where they come from.</summary>
internal static class GoldenFolder
{
    public static string Path { get; } = RepositoryRoot.PathOf("tests", "Clinic.Tests", "Golden");

    /// <summary>Copies files and folders of it, to be changed by a test.</summary>
    public static void CopyTo(string folder, params string[] names)
    {
        foreach (var name in names)
        {
            var from = System.IO.Path.Combine(Path, name);
            foreach (
                var file in Directory.Exists(from)
                    ? Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)
                    : [from]
            )
            {
                var to = System.IO.Path.Combine(folder, System.IO.Path.GetRelativePath(Path, file));
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }
        }
    }
}
