using TransformerClinic.Common;
using TransformerClinic.Web.Runs;

namespace TransformerClinic.Web.Tests.Runs;

public sealed class RunCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_are_found_in_folders_of_folders_and_bear_their_names()
    {
        foreach (var run in (string[])["b", "a", "pair/admin-seed1", "pair/post-ln-seed1", "with:colon", "100%"])
        {
            Begin(run);
        }

        _folder.Write("no-run/other.txt", "");
        _folder.Write("a/inner/recipe.yaml", "name: inner"); // below a run there are no runs

        Assert.Equal(
            ["100%25", "a", "b", "pair:admin-seed1", "pair:post-ln-seed1", "with%3Acolon"],
            Catalog().Runs.Select(run => run.Id)
        );
        Assert.Equal(_folder.PathOf("pair/admin-seed1"), Catalog().Find("pair:admin-seed1")!.Folder);
    }

    [Fact]
    public void Runs_appear_and_vanish()
    {
        Begin("a");
        var catalog = Catalog();
        Assert.Null(catalog.Find("b"));

        Begin("b");
        Assert.NotNull(catalog.Find("b"));

        Directory.Delete(_folder.PathOf("a"), recursive: true);
        Assert.Equal(["b"], catalog.Runs.Select(run => run.Id));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("../outside")]
    [InlineData("..:outside")]
    [InlineData("a/../../outside")]
    [InlineData("a:..")]
    [InlineData("%2e%2e:outside")]
    [InlineData("A")]
    [InlineData("a/")]
    [InlineData("a\0")]
    public void An_id_is_a_name_and_never_a_path(string id)
    {
        Begin("runs/a");
        Begin("outside");
        var catalog = new RunCatalog(_folder.PathOf("runs"));

        Assert.Null(catalog.Find(id));
        Assert.Null(catalog.Find(_folder.PathOf("outside")));
        Assert.NotNull(catalog.Find("a"));
    }

    [Fact]
    public void Links_to_folders_elsewhere_are_no_runs()
    {
        Begin("outside");
        Begin("runs/a");
        Directory.CreateSymbolicLink(_folder.PathOf("runs/linked"), _folder.PathOf("outside"));
        Directory.CreateSymbolicLink(_folder.PathOf("runs/all"), _folder.FullName);

        Assert.Equal(["a"], new RunCatalog(_folder.PathOf("runs")).Runs.Select(run => run.Id));
    }

    [Fact]
    public void A_run_folder_itself_is_the_only_run()
    {
        Begin("a");

        Assert.Equal(["a"], new RunCatalog(_folder.PathOf("a")).Runs.Select(run => run.Id));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_mistake_and_none_at_all_is_not()
    {
        var mistake = Assert.Throws<UserErrorException>(() => new RunCatalog(_folder.PathOf("nowhere")));

        Assert.EndsWith(
            "nowhere: there is no such folder to show runs from.",
            mistake.Message,
            StringComparison.Ordinal
        );
        Assert.False(new RunCatalog(null).IsShown);
        Assert.Empty(new RunCatalog(null).Runs);
    }

    private RunCatalog Catalog() => new(_folder.FullName);

    private void Begin(string run) => _folder.Write($"{run}/recipe.yaml", "name: x");
}
