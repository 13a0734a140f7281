using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_path_that_cannot_be_a_file_is_reported_before_any_work()
    {
        _folder.Write("file", "");
        Directory.CreateDirectory(_folder.PathOf("folder"));
        AssertRefused("folder", "this is a folder");
        AssertRefused("new/", "this is a folder");
        AssertRefused("none/text", $"there is no folder {_folder.PathOf("none")}");
        AssertRefused("file/text", $"{_folder.PathOf("file")} is a file");
        Assert.Contains(
            "no name",
            Assert.Throws<UserErrorException>(() => OutputFile.Check(" ")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_that_can_be_written_is_written()
    {
        OutputFile.WriteText(_folder.PathOf("text"), "one");
        OutputFile.Write(
            _folder.PathOf("text"),
            stream => stream.Write("two"u8),
            TestContext.Current.CancellationToken
        );

        Assert.Equal("two", File.ReadAllText(_folder.PathOf("text")));
    }

    public void Dispose() => _folder.Dispose();

    private void AssertRefused(string name, string reason)
    {
        var path = Path.Join(_folder.FullName, name);
        var refusal = Assert.Throws<UserErrorException>(() =>
            OutputFile.Write(path, _ => Assert.Fail("The work was done."), TestContext.Current.CancellationToken)
        );
        Assert.StartsWith($"{path}: {reason}", refusal.Message, StringComparison.Ordinal);
    }
}
