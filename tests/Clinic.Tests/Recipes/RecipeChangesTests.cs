using TransformerClinic.Data;
using TransformerClinic.Recipes;

namespace TransformerClinic.Tests.Recipes;

public class RecipeChangesTests
{
    [Fact]
    public void Files_of_a_run_may_move_but_the_weights_of_corpora_decide_what_an_epoch_is()
    {
        var begun = With(("a.tsv", 2), ("b.tsv", 1));
        Assert.Empty(RecipeChanges.Forbidden(begun, With(("moved/a.tsv", 2), ("b.tsv", 1))));
        Assert.Equal(
            ["the weights in data.train were 2, 1 and are now 2, 0.5"],
            RecipeChanges.Forbidden(begun, With(("a.tsv", 2), ("b.tsv", 0.5)))
        );
        Assert.Equal(
            ["the weights in data.train were 2, 1 and are now 1"],
            RecipeChanges.Forbidden(begun, With(("a.tsv", 1), ("b.tsv", 1)))
        );
        Assert.Empty(RecipeChanges.Forbidden(With(("ab.tsv", 1)), With(("a.tsv", 1), ("b.tsv", 1))));
    }

    [Fact]
    public void Processes_may_have_the_stored_set_in_other_folders_but_not_other_weights()
    {
        var recipe = With(("a.tsv", 2));
        Assert.Equal(
            SharedKeys.Of(recipe),
            SharedKeys.Of(recipe with { Data = recipe.Data with { Prepared = "/elsewhere" } })
        );
        Assert.NotEqual(SharedKeys.Of(recipe), SharedKeys.Of(With(("a.tsv", 3))));
    }

    private static Recipe With(params (string Path, double Weight)[] corpora) =>
        new()
        {
            Data = new DataOptions
            {
                Train = new([.. corpora.Select(corpus => new ParallelCorpus([corpus.Path], corpus.Weight))]),
            },
        };
}
