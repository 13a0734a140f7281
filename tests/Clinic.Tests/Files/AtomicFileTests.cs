using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_text_is_written_without_byte_order_mark_and_replaces_the_old_one()
    {
        var path = _folder.Write("text", "old and longer");

        AtomicFile.WriteText(path, "nëu\n");

        Assert.Equal([.. "n"u8, 0xc3, 0xab, .. "u\n"u8], File.ReadAllBytes(path));
        AssertNothingElse(path);
    }

    [Fact]
    public void The_old_file_stays_when_writing_fails_half_way()
    {
        var path = _folder.Write("text", "old");

        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
            throw new InvalidDataException();
        }));

        Assert.Equal("old", File.ReadAllText(path));
        AssertNothingElse(path);
    }

    [Fact]
    public void The_old_file_stays_when_the_disk_is_full()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no device that is always full.");
        var path = _folder.Write("text", "old");

        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write(new byte[4096]);
        }));

        Assert.Equal("old", File.ReadAllText(path));
        AssertNothingElse(path);
    }

    [Fact]
    public void A_target_in_something_that_is_no_folder_is_refused_with_the_cause()
    {
        var file = _folder.Write("file", "not a folder");

        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteText(Path.Combine(file, "text"), "new"));
        Assert.ThrowsAny<IOException>(() => AtomicFile.WriteText(_folder.PathOf("none/text"), "new"));
        AssertNothingElse(file);
    }

    [Fact]
    public void A_folder_is_not_replaced_by_a_file()
    {
        var inner = Directory.CreateDirectory(_folder.PathOf("inner")).FullName;

        Assert.ThrowsAny<SystemException>(() => AtomicFile.WriteText(inner, "new"));

        AssertNothingElse(inner);
    }

    public void Dispose() => _folder.Dispose();

    private void AssertNothingElse(string path) => Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.FullName));
}
