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
    public void The_old_file_stays_when_writing_fails_halfway()
    {
        var path = _folder.Write("text", "old");

        Assert.Throws<InvalidDataException>(() =>
            AtomicFile.Write(
                path,
                stream =>
                {
                    stream.Write("new"u8);
                    stream.Flush();
                    Assert.Equal("old", File.ReadAllText(path));
                    throw new InvalidDataException();
                },
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal("old", File.ReadAllText(path));
        AssertNothingElse(path);
    }

    [Fact]
    public void The_old_file_stays_when_the_disk_is_full()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no device that is always full.");
        var path = _folder.Write("text", "old");

        Assert.Throws<IOException>(() =>
            AtomicFile.Write(
                path,
                stream =>
                {
                    stream.Write("new"u8);
                    using var full = new FileStream(
                        "/dev/full",
                        FileMode.Open,
                        FileAccess.Write,
                        FileShare.ReadWrite,
                        bufferSize: 0
                    );
                    full.Write(new byte[4096]);
                },
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal("old", File.ReadAllText(path));
        AssertNothingElse(path);
    }

    [Fact]
    public void A_target_in_something_that_is_not_a_folder_is_refused_with_the_cause()
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

    [Fact]
    public void A_link_stays_a_link_and_the_file_it_leads_to_is_replaced()
    {
        var (real, missing) = (_folder.Write("real", "old"), _folder.PathOf("missing"));
        var (link, dangling) = (_folder.PathOf("link"), _folder.PathOf("dangling"));
        File.CreateSymbolicLink(link, "real");
        File.CreateSymbolicLink(dangling, "missing");

        AtomicFile.WriteText(link, "new");
        AtomicFile.WriteText(dangling, "new");

        Assert.Equal("real", new FileInfo(link).LinkTarget);
        Assert.Equal("missing", new FileInfo(dangling).LinkTarget);
        Assert.Equal(["new", "new"], new[] { real, missing }.Select(File.ReadAllText));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(
        UnixFileMode.UserRead
            | UnixFileMode.UserWrite
            | UnixFileMode.GroupRead
            | UnixFileMode.GroupWrite
            | UnixFileMode.OtherWrite
    )]
    public void A_replaced_file_has_its_permissions_from_the_first_byte_on(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other permissions.");
            return;
        }

        var path = _folder.Write("text", "old");
        File.SetUnixFileMode(path, mode);
        var modes = new List<UnixFileMode>();

        AtomicFile.Write(
            path,
            _ => modes.AddRange(Directory.GetFiles(_folder.FullName).Select(Permissions)),
            TestContext.Current.CancellationToken
        );

        Assert.Equal([mode, mode, mode], [.. modes, Permissions(path)]);
    }

    [Fact]
    public async Task A_pipe_is_written_to_and_stays_a_pipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        var path = NamedPipe.Make(_folder.PathOf("pipe"));
        var reading = Task.Run(() => File.ReadAllText(path), TestContext.Current.CancellationToken);

        AtomicFile.WriteText(path, "text");

        Assert.Equal("text", await reading);
        Assert.Equal(FileKind.Special, FileKinds.Of(path));
        AssertNothingElse(path);
    }

    [Fact]
    public void The_wait_for_the_reader_of_a_pipe_can_be_ended()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        var path = NamedPipe.Make(_folder.PathOf("pipe"));
        using var stop = new CancellationTokenSource(millisecondsDelay: 50);

        Assert.Throws<OperationCanceledException>(void () =>
            AtomicFile.Write(path, _ => Assert.Fail("Nobody reads."), stop.Token)
        );

        NamedPipe.Release(path);
    }

    [Fact]
    public void A_device_stays_a_device()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "This system has no such device.");

        AtomicFile.WriteText("/dev/null", "text");

        Assert.Equal(FileKind.Special, FileKinds.Of("/dev/null"));
    }

    [Fact]
    public void Messages_speak_of_the_file_that_the_user_named()
    {
        var path = _folder.PathOf("none/text");

        var exception = Assert.ThrowsAny<IOException>(() => AtomicFile.WriteText(path, "new"));

        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp-", exception.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static UnixFileMode Permissions(string path) =>
        OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private void AssertNothingElse(string path) =>
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.FullName));
}
