using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class TrainedCellTests
{
    [Fact]
    public void Seeds_that_disagree_decide_nothing()
    {
        Assert.Equal((true, false), Met(Cell(0.5, 0.5)));
        Assert.Equal((false, true), Met(Cell(2.6, null)));
        Assert.Equal((null, null), Met(Cell(0.5, 2.6)));
    }

    [Fact]
    public void Losses_are_compared_seed_by_seed_and_one_that_is_not_finite_is_the_worst()
    {
        Assert.True(Cell(0.5, 0.9).EndsBelow(Cell(0.6, 1)).Met);
        Assert.False(Cell(0.6, 1).EndsBelow(Cell(0.5, 0.9)).Met);
        Assert.Null(Cell(0.5, 1).EndsBelow(Cell(0.6, 0.9)).Met);
        Assert.True(Cell(0.5, 0.9).EndsBelow(Cell(null, 1)).Met);
        Assert.False(Cell(null, null).EndsBelow(Cell(0.5, 0.9)).Met);
    }

    [Fact]
    public void An_ending_says_how_many_failed()
    {
        Assert.Equal("trains, nll 0.70", Cell(0.5, 0.9).Ending);
        Assert.Equal("fails with 1 of 2 seeds, nll 1.55", Cell(0.5, 2.6).Ending);
        Assert.Equal("fails, not finite", Cell(2.6, null).Ending);
    }

    private static (bool? Trains, bool? Fails) Met(TrainedCell cell) => (cell.Trains().Met, cell.Fails().Met);

    private static TrainedCell Cell(params double?[] nlls)
    {
        var recipe = ReversalRecipe.Of(StudyBudget.Minutes);
        var cell = new StudyCell(
            "Post-LN",
            "",
            [.. nlls.Select((_, seed) => recipe.Train(ResidualVariant.PostLn, 1, seed))]
        );
        return new TrainedCell(
            cell,
            [.. nlls.Zip(cell.Trainings, (nll, training) => new TrainingOutcome(training, 300, nll, nll, 2.7, [], 1))]
        );
    }
}
