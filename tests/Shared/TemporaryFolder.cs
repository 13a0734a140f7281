namespace TransformerClinic.Tests.Shared;

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("clinic-test-").FullName;

    public string PathOf(string name) => Path.Combine(FullName, name);

    /// <summary>Writes a file of these bytes and gives its path.</summary>
    public string Write(string name, byte[] bytes)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a file of this text, in UTF-8 without a byte order mark, and gives its path.</summary>
    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
