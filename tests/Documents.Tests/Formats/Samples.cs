namespace TransformerClinic.Documents.Tests.Formats;

/// <summary>Documents that come with the tests, and what other programs said of them.</summary>
internal static class Samples
{
    public static string PathOf(string name) => RepositoryRoot.PathOf("tests", "Documents.Tests", "Samples", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static string Text(string name) => File.ReadAllText(PathOf(name));
}
