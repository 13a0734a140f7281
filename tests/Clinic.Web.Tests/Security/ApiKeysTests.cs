using TransformerClinic.Common;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Tests.Security;

public sealed class ApiKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_key_is_known_by_its_hash_alone()
    {
        var anna = ApiKeys.Add(KeyFile, "anna");
        var otto = ApiKeys.Add(KeyFile, "otto");
        var keys = ApiKeys.Load(KeyFile);

        Assert.Equal("anna", keys.NameOf(anna));
        Assert.Equal("otto", keys.NameOf(otto));
        Assert.Null(keys.NameOf(anna[..^1] + (anna[^1] == '0' ? '1' : '0')));
        Assert.Null(keys.NameOf(""));
        Assert.NotEqual(anna, otto);
        Assert.Equal(64, anna.Length);
        Assert.DoesNotContain(anna, File.ReadAllText(KeyFile), StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_and_empty_lines_are_no_keys()
    {
        ApiKeys.Add(KeyFile, "anna");
        File.WriteAllText(KeyFile, "# who may use it\n\n" + File.ReadAllText(KeyFile));

        Assert.Equal(1, ApiKeys.Load(KeyFile).Count);
    }

    [Theory]
    [InlineData("", "there is no key in it")]
    [InlineData("anna\n", "line 1: not a key")]
    [InlineData("# x\nanna 12ab\n", "line 2: not a key")]
    [InlineData("anna zz\n", "line 1: not a key")]
    public void A_file_without_keys_or_with_something_else_is_refused(string content, string words)
    {
        File.WriteAllText(KeyFile, content);

        Assert.Contains(
            words,
            Assert.Throws<UserErrorException>(() => ApiKeys.Load(KeyFile)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("#anna")]
    [InlineData("anna")]
    public void A_name_that_cannot_be_one_or_is_there_already_is_refused_and_the_file_is_as_it_was(string name)
    {
        ApiKeys.Add(KeyFile, "anna");
        var before = File.ReadAllText(KeyFile);

        Assert.Throws<UserErrorException>(() => ApiKeys.Add(KeyFile, name));
        Assert.Equal(before, File.ReadAllText(KeyFile));
    }

    public void Dispose() => _folder.Dispose();

    private string KeyFile => Path.Combine(_folder.FullName, "keys.txt");
}
