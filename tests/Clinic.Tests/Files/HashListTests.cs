using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public sealed class HashListTests : IDisposable
{
    private static readonly string[] Names = ["a", "b.json"];

    private readonly TemporaryFolder _folder = new();

    public HashListTests()
    {
        _folder.Write("a", "abc");
        _folder.Write("b.json", "");
        HashList.Write(_folder.FullName, Names);
    }

    private string List => _folder.PathOf(HashList.FileName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_has_the_format_of_sha256sum() =>
        Assert.Equal(
            """
            ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b.json

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(List)
        );

    [Fact]
    public void Intact_files_are_intact_whatever_is_next_to_them()
    {
        _folder.Write("c", "more");

        Assert.Null(HashList.Damage(_folder.FullName, Names));
    }

    [Fact]
    public void A_changed_byte_anywhere_is_found()
    {
        foreach (var name in new[] { "a", HashList.FileName })
        {
            var whole = File.ReadAllBytes(_folder.PathOf(name));
            for (var i = 0; i < whole.Length; i++)
            {
                File.WriteAllBytes(_folder.PathOf(name), [.. whole[..i], (byte)(whole[i] ^ 1), .. whole[(i + 1)..]]);
                Assert.NotNull(HashList.Damage(_folder.FullName, Names));
                File.WriteAllBytes(_folder.PathOf(name), whole[..i]);
                Assert.NotNull(HashList.Damage(_folder.FullName, Names));
            }

            File.WriteAllBytes(_folder.PathOf(name), whole);
        }

        Assert.Null(HashList.Damage(_folder.FullName, Names));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        var lines = File.ReadAllLines(List);
        AssertDamage("SHA256SUMS has no line for b.json", lines[..1]);
        AssertDamage(
            "SHA256SUMS has a line for c, which does not belong there",
            [.. lines, lines[0].Replace("  a", "  c", StringComparison.Ordinal)]
        );
        AssertDamage("SHA256SUMS is not a list of hashes", [.. lines, lines[0]]);
        AssertDamage("SHA256SUMS is not a list of hashes", ["", .. lines]);
        File.WriteAllText(_folder.PathOf("a"), "abd");
        AssertDamage("a is not what was written (its hash differs)", lines);
        File.Delete(_folder.PathOf("a"));
        AssertDamage("a is missing", lines);
        File.Delete(List);
        Assert.Equal("SHA256SUMS is missing", HashList.Damage(_folder.FullName, Names));
    }

    private void AssertDamage(string expected, string[] lines)
    {
        File.WriteAllText(List, string.Concat(lines.Select(line => line + "\n")));
        Assert.Equal(expected, HashList.Damage(_folder.FullName, Names));
    }
}
