using TransformerClinic.Common;
using TransformerClinic.Data;

namespace TransformerClinic.Tests.Data;

public sealed class ParallelFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Which of the files are there; what is written; how it is read, a bar between the paths.</summary>
    [Theory]
    [InlineData("", "a.tsv", "a.tsv")]
    [InlineData("", "a.de,a.en", "a.de|a.en")]
    [InlineData("a.de a.en", "a.de , a.en", "a.de|a.en")]
    [InlineData("a,b.tsv", "a,b.tsv", "a,b.tsv")]
    [InlineData("a,b.tsv a b.tsv", "a,b.tsv", "a,b.tsv")]
    [InlineData("a b.tsv", "a,b.tsv", "a|b.tsv")]
    [InlineData("a.de", "a.de,none.en", "a.de|none.en")]
    [InlineData("Doe,Jane/a.de Doe,Jane/a.en", "Doe,Jane/a.de,Doe,Jane/a.en", "Doe,Jane/a.de|Doe,Jane/a.en")]
    [InlineData("Doe,Jane/a.de", "Doe,Jane/a.de,Doe,Jane/a.en", "Doe,Jane/a.de|Doe,Jane/a.en")]
    [InlineData("Doe,Jane/other", "Doe,Jane/a.de,Doe,Jane/a.en", "Doe,Jane/a.de|Doe,Jane/a.en")]
    [InlineData("Doe,Jane/other", "Doe,Jane/a.tsv", "Doe,Jane/a.tsv")]
    [InlineData("a,b c,d", "a,b,c,d", "a,b|c,d")]
    [InlineData("", "a,b,c", "a,b,c")]
    [InlineData("", "a.de,", "a.de,")]
    [InlineData("", ",a.en", ",a.en")]
    [InlineData("", "/gone/Doe, Jane/a.tsv", "/gone/Doe, Jane/a.tsv")]
    [InlineData("", "/gone/Doe, Jane/a.de,/gone/Doe, Jane/a.en", "/gone/Doe, Jane/a.de|/gone/Doe, Jane/a.en")]
    public void In_a_string_the_disk_decides_what_a_comma_means(string there, string text, string expected)
    {
        foreach (var file in there.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            _folder.Write(file, "x\ty\n");
        }

        var full = expected.Split('|').Select(path => Path.GetFullPath(Path.Combine(_folder.FullName, path)));
        Assert.Equal(full, ParallelFiles.Parse(text, _folder.FullName).Paths);
    }

    [Fact]
    public void A_relative_path_is_refused_where_nothing_says_which_folder_it_starts_from()
    {
        var full = Path.GetFullPath("pairs.tsv");
        new ParallelFiles(full).RequireFullPaths("data.train");
        ParallelFiles.None.RequireFullPaths("data.test");

        var exception = Assert.Throws<UserErrorException>(() =>
            new ParallelFiles(full, "pairs.en").RequireFullPaths("data.train")
        );

        Assert.Equal(
            "data.train: pairs.en is a relative path, and nothing says which folder it starts from. "
                + "Give the full path; a recipe that is read from a file has full paths.",
            exception.Message
        );
    }

    [Fact]
    public void A_list_is_never_split()
    {
        _folder.Write("a", "");
        _folder.Write("b", "");
        Assert.Equal([_folder.PathOf("a,b")], ParallelFiles.Of(["a,b"], _folder.FullName).Paths);
        Assert.Equal([_folder.PathOf("b"), _folder.PathOf("a")], ParallelFiles.Of(["b", "a"], _folder.FullName).Paths);
    }

    [Fact]
    public void What_is_missing_is_named_with_how_to_write_a_path_whose_comma_may_be_misunderstood()
    {
        const string List =
            " A path that holds a comma is written in a list: [\"one, two.tsv\"], or [source-file, target-file].";
        _folder.Write("a.de", "");

        Assert.Equal($"there is no file {_folder.PathOf("a.en")}.", Missing("a.de,a.en"));
        Assert.Equal(
            $"there is neither a file {_folder.PathOf("b.de")} nor {_folder.PathOf("b.en")}.{List}",
            Missing("b.de,b.en")
        );
        Assert.Equal($"there is no file {_folder.PathOf("a,b,c")}.{List}", Missing("a,b,c"));
        Assert.Equal(
            $"there is no file {_folder.PathOf("a,b")}.",
            ParallelFiles.Of(["a,b"], _folder.FullName).Missing("")
        );
        Assert.Null(Missing("a.de,a.de"));
        Assert.Null(ParallelFiles.None.Missing(""));
    }

    [Fact]
    public void Sets_are_equal_by_their_paths_in_order()
    {
        Assert.Equal(new ParallelFiles("a", "b"), new ParallelFiles("a", "b"));
        Assert.Equal(new ParallelFiles("a", "b").GetHashCode(), new ParallelFiles("a", "b").GetHashCode());
        Assert.NotEqual(new ParallelFiles("a", "b"), new ParallelFiles("b", "a"));
        Assert.NotEqual(new ParallelFiles("a"), new ParallelFiles("a", "a"));
        Assert.Equal(ParallelFiles.None, ParallelFiles.Parse(" ", _folder.FullName));
        Assert.Equal(ParallelFiles.None, ParallelFiles.Of([], _folder.FullName));
    }

    [Fact]
    public void Three_files_and_an_empty_name_are_refused()
    {
        Assert.StartsWith(
            "3 files are listed",
            Assert.Throws<UserErrorException>(() => ParallelFiles.Of(["a", "b", "c"], "")).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "a path in the list is empty.",
            Assert.Throws<UserErrorException>(() => ParallelFiles.Of(["a", ""], "")).Message
        );
    }

    private string? Missing(string text) => ParallelFiles.Parse(text, _folder.FullName).Missing(_folder.FullName);

    [Fact]
    public void Several_corpora_are_equal_by_paths_weights_and_order()
    {
        var files = new ParallelFiles([new(["a"]), new(["b", "c"], 2)]);
        Assert.Equal(files, new ParallelFiles([new(["a"]), new(["b", "c"], 2)]));
        Assert.NotEqual(files, new ParallelFiles([new(["a"]), new(["b", "c"], 3)]));
        Assert.NotEqual(files, new ParallelFiles([new(["b", "c"], 2), new(["a"])]));
        Assert.NotEqual(files, new ParallelFiles([new(["a", "b"]), new(["c"], 2)]));
        Assert.Equal(new ParallelFiles("a"), new ParallelFiles([new(["a"])]));
        Assert.Equal(["a", "b", "c"], files.Paths);
        Assert.Equal("a; b and c", files.ToString());
        Assert.Throws<ArgumentException>(() => new ParallelCorpus([]));
        Assert.Throws<ArgumentException>(() => new ParallelCorpus(["a", "b", "c"]));
    }

    [Fact]
    public void All_missing_files_of_several_corpora_are_named()
    {
        _folder.Write("a", "");
        var files = new ParallelFiles([new(["a"]), new(["b", "c"], 2), new(["d"])]);
        Assert.Equal(
            $"there is no file {_folder.PathOf("b")}, nor {_folder.PathOf("c")}, nor {_folder.PathOf("d")}.",
            files.Missing(_folder.FullName)
        );
    }
}
