namespace TransformerClinic.Tests.Shared;

/// <summary>The folder of the checkout: where the solution file lies.</summary>
internal static class RepositoryRoot
{
    public const string Solution = "TransformerClinic.slnx";

    /// <summary>A path below the checkout's folder.</summary>
    public static string PathOf(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Solution)))
        {
            folder = folder.Parent;
        }

        return folder is null
            ? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds {Solution}.")
            : Path.Combine([folder.FullName, .. parts]);
    }
}
