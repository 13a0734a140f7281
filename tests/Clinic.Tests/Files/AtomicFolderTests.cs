using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public sealed class AtomicFolderTests : IDisposable
{
    private static readonly FolderContents Contents = new("a set", ["a", "inner", "surplus"], ["a"]);

    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.PathOf("set");

    [Fact]
    public void A_set_appears_complete_under_its_name()
    {
        AtomicFolder.Write(
            Target,
            Contents,
            folder =>
            {
                Fill(folder, "1");
                Assert.False(Directory.Exists(Target));
            }
        );

        AssertOnly("1");
    }

    [Fact]
    public void An_existing_set_is_replaced_with_all_its_files()
    {
        AtomicFolder.Write(
            Target,
            Contents,
            folder =>
            {
                Fill(folder, "old");
                File.WriteAllText(Path.Combine(folder, "surplus"), "");
            }
        );

        AtomicFolder.Write(Target + Path.DirectorySeparatorChar, Contents, folder => Fill(folder, "new"));

        AssertOnly("new");
        Assert.False(File.Exists(Path.Combine(Target, "surplus")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_set_that_is_not_kept_leaves_the_old_one_unchanged(bool existing)
    {
        if (existing)
        {
            AtomicFolder.Write(Target, Contents, folder => Fill(folder, "old"));
        }

        bool Offer(bool keep) =>
            AtomicFolder.WriteIf(
                Target,
                Contents,
                folder =>
                {
                    Fill(folder, "new");
                    return keep;
                }
            );

        Assert.False(Offer(keep: false));
        Assert.Equal(existing ? [Target] : [], Directory.GetFileSystemEntries(_folder.FullName));
        if (existing)
        {
            AssertOnly("old");
        }

        Assert.True(Offer(keep: true));
        AssertOnly("new");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Filling_that_fails_halfway_leaves_the_old_set_unchanged(bool existing)
    {
        if (existing)
        {
            AtomicFolder.Write(Target, Contents, folder => Fill(folder, "old"));
        }

        Assert.Throws<InvalidDataException>(() =>
            AtomicFolder.Write(
                Target,
                Contents,
                folder =>
                {
                    Fill(folder, "new");
                    throw new InvalidDataException();
                }
            )
        );

        Assert.Equal(existing ? [Target] : [], Directory.EnumerateFileSystemEntries(_folder.FullName));
        Assert.True(!existing || File.ReadAllText(Path.Combine(Target, "a")) == "old");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_place_that_becomes_read_only_while_a_set_is_filled_is_named_and_keeps_the_old_set(bool existing)
    {
        Assert.SkipUnless(Unprivileged.IsPossible, "Whoever may do everything is refused nothing.");

        Unprivileged.Run(place =>
        {
            var target = Path.Combine(place, "set");
            if (existing)
            {
                AtomicFolder.Write(target, Contents, folder => Fill(folder, "old"));
            }

            IDisposable? locked = null;
            var denied = Assert.ThrowsAny<Exception>(() =>
                AtomicFolder.Write(
                    target,
                    Contents,
                    folder =>
                    {
                        Fill(folder, "new");
                        locked = Unprivileged.ReadOnly(place);
                    }
                )
            );
            locked!.Dispose();

            Assert.Equal($"Access to the path '{target}' is denied.", denied.Message);
            Assert.Equal(existing, Directory.Exists(target));
            Assert.True(!existing || File.ReadAllText(Path.Combine(target, "a")) == "old");
            AtomicFolder.Sweep(place);
            Assert.Equal(existing ? [target] : [], Directory.EnumerateFileSystemEntries(place));
        });
    }

    [Fact]
    public void A_removed_folder_does_not_come_back()
    {
        var removed = _folder.PathOf("removed");

        Assert.Throws<DirectoryNotFoundException>(() =>
            AtomicFolder.Write(Path.Combine(removed, "set"), Contents, folder => Fill(folder, "new"))
        );

        Assert.False(Directory.Exists(removed));
    }

    [Fact]
    public void A_target_below_a_file_is_refused()
    {
        var file = _folder.Write("file", "not a folder");

        Assert.Throws<UserErrorException>(() =>
            AtomicFolder.Write(Path.Combine(file, "set"), Contents, folder => Fill(folder, "new"))
        );
    }

    [Fact]
    public void A_file_at_the_target_is_not_replaced()
    {
        File.WriteAllText(Target, "a file");

        Assert.Throws<UserErrorException>(() => AtomicFolder.Write(Target, Contents, folder => Fill(folder, "new")));

        Assert.Equal("a file", File.ReadAllText(Target));
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void A_folder_with_anything_else_in_it_is_never_replaced()
    {
        _folder.Write("set/a", "mine");
        _folder.Write("set/notes.txt", "mine");

        var refusal = Assert.Throws<UserErrorException>(() =>
            AtomicFolder.Write(Target, Contents, _ => Assert.Fail("It was filled."))
        );

        Assert.Contains(
            "contains something other than a set (for example notes.txt)",
            refusal.Message,
            StringComparison.Ordinal
        );
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Target, "notes.txt")));
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void Files_that_appear_in_the_old_folder_while_the_new_one_is_filled_are_not_lost()
    {
        AtomicFolder.Write(Target, Contents, folder => Fill(folder, "old"));

        Assert.Throws<UserErrorException>(() =>
            AtomicFolder.Write(
                Target,
                Contents,
                folder =>
                {
                    Fill(folder, "new");
                    File.WriteAllText(Path.Combine(Target, "notes.txt"), "mine");
                }
            )
        );

        Assert.Equal("mine", File.ReadAllText(Path.Combine(Target, "notes.txt")));
        Assert.Equal("old", File.ReadAllText(Path.Combine(Target, "a")));
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void A_link_stays_a_link_and_a_private_folder_private()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other permissions.");
            return;
        }

        const UnixFileMode mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var real = Directory.CreateDirectory(_folder.PathOf("real"), mine).FullName;
        Directory.CreateSymbolicLink(Target, real);

        AtomicFolder.Write(Target, Contents, folder => Fill(folder, "new"));

        Assert.Equal(real, new DirectoryInfo(Target).LinkTarget);
        Assert.Equal("new", File.ReadAllText(Path.Combine(real, "a")));
        Assert.Equal(mine, File.GetUnixFileMode(real));
    }

    [Fact]
    public void What_a_writer_killed_while_filling_leaves_is_swept_away()
    {
        AtomicFolder.Write(Target, Contents, folder => Fill(folder, "old"));
        Fill(Directory.CreateDirectory(SiblingName.Temporary(Target)).FullName, "half");
        File.WriteAllText(SiblingName.Temporary(_folder.PathOf("state.json")), "half");

        AtomicFolder.Sweep(_folder.FullName);

        AssertOnly("old");
    }

    [Fact]
    public void What_a_writer_killed_between_its_two_renames_moved_aside_is_moved_back()
    {
        AtomicFolder.Write(Target, Contents, folder => Fill(folder, "old"));
        Fill(Directory.CreateDirectory(SiblingName.Temporary(Target)).FullName, "new");
        Directory.Move(Target, SiblingName.Old(Target));

        AtomicFolder.Sweep(_folder.FullName);

        AssertOnly("old");
    }

    [Fact]
    public void What_a_writer_killed_after_its_two_renames_left_is_swept_away()
    {
        AtomicFolder.Write(Target, Contents, folder => Fill(folder, "new"));
        Fill(Directory.CreateDirectory(SiblingName.Old(Target)).FullName, "old");

        AtomicFolder.Sweep(_folder.FullName);

        AssertOnly("new");
    }

    [Fact]
    public void Sweeping_touches_nothing_that_only_looks_like_a_leftover()
    {
        string[] kept = [".set.tmp", "set.tmp-01234567", ".tmp-01234567", ".set.tmp-0123456g", ".git"];
        foreach (var name in kept)
        {
            Directory.CreateDirectory(_folder.PathOf(name));
        }

        AtomicFolder.Sweep(_folder.FullName);
        AtomicFolder.Sweep(_folder.PathOf("none"));

        Assert.Equal(
            kept.Order(StringComparer.Ordinal),
            Directory
                .EnumerateDirectories(_folder.FullName)
                .Select(path => Path.GetFileName(path)!)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_set_is_removed_by_one_rename()
    {
        AtomicFolder.Write(Target, Contents, folder => Fill(folder, "1"));
        AtomicFolder.Write(_folder.PathOf("other"), Contents, folder => Fill(folder, "2"));

        AtomicFolder.Delete(Target);

        Assert.Equal([_folder.PathOf("other")], Directory.EnumerateFileSystemEntries(_folder.FullName));
    }

    public void Dispose() => _folder.Dispose();

    private static void Fill(string folder, string text)
    {
        File.WriteAllText(Path.Combine(folder, "a"), text);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "inner")).FullName, "b"), text);
    }

    private void AssertOnly(string text)
    {
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_folder.FullName));
        Assert.Equal(text, File.ReadAllText(Path.Combine(Target, "a")));
        Assert.Equal(text, File.ReadAllText(Path.Combine(Target, "inner", "b")));
    }
}
