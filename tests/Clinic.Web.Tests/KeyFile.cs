using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Tests;

/// <summary>A file with one key.</summary>
internal sealed class KeyFile : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public KeyFile() => Key = ApiKeys.Add(Path, "test");

    /// <summary>The file.</summary>
    public string Path => _folder.PathOf("keys.txt");

    /// <summary>The key.</summary>
    public string Key { get; }

    public void Dispose() => _folder.Dispose();
}
