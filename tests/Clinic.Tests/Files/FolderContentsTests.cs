using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public sealed class FolderContentsTests : IDisposable
{
    private static readonly FolderContents Contents = new(
        "a model",
        ["weights", "config", "certificate"],
        ["weights", "config"]
    );

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData]
    [InlineData("weights", "config")]
    [InlineData("weights", "config", "certificate")]
    public void An_empty_folder_and_one_of_its_kind_may_be_replaced(params string[] names) =>
        Contents.CheckReplaceable(Folder(names));

    [Fact]
    public void A_folder_that_does_not_exist_may_be_written() =>
        Contents.CheckReplaceable(_folder.PathOf("none/at/all"));

    [Theory]
    [InlineData(
        "contains something other than a model (for example readme), and it would be replaced. Name a new or empty "
            + "folder.",
        "weights",
        "config",
        "readme"
    )]
    [InlineData("contains something other than a model (for example .git)", "weights", "config", ".git")]
    [InlineData("contains something other than a model (for example visible)", ".git", "visible", "weights")]
    [InlineData("contains config but no weights, so it is not a model", "config")]
    public void Anything_else_may_not(string reason, params string[] names)
    {
        var folder = Folder(names);

        var refusal = Assert.Throws<UserErrorException>(() => Contents.CheckReplaceable(folder));

        Assert.StartsWith($"{folder}: this folder {reason}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_the_way_is_named()
    {
        var file = _folder.Write("file", "");

        Assert.StartsWith($"{file}: this is a file", Refusal(file), StringComparison.Ordinal);
        Assert.StartsWith($"{file}/a/b: {file} is a file", Refusal($"{file}/a/b"), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string Refusal(string path) =>
        Assert.Throws<UserErrorException>(() => Contents.CheckReplaceable(path)).Message;

    private string Folder(string[] names)
    {
        foreach (var name in names)
        {
            _folder.Write($"set/{name}", "");
        }

        return Directory.CreateDirectory(_folder.PathOf("set")).FullName;
    }
}
