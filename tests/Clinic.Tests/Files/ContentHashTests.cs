using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public sealed class ContentHashTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void The_hash_is_SHA_256(string text, string hash)
    {
        Assert.Equal(hash, ContentHash.OfFile(_folder.Write("text", text)));
        Assert.Equal(hash, ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    public void Dispose() => _folder.Dispose();
}
