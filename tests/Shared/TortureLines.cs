namespace TransformerClinic.Tests.Shared;

/// <summary>Lines made to break tokenizers; the file also goes through clients that run outside the tests.</summary>
internal static class TortureLines
{
    /// <summary>The lines.</summary>
    public static IReadOnlyList<string> All =>
        File.ReadAllText(RepositoryRoot.PathOf("bench", "Clients", "torture.txt")).TrimEnd('\n').Split('\n');
}
