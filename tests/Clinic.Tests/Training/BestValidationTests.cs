using TransformerClinic.Training;

namespace TransformerClinic.Tests.Training;

public class BestValidationTests
{
    [Fact]
    public void It_is_the_lowest_finite_loss_with_the_count_of_those_since()
    {
        var best = BestValidation.None;
        Assert.Equal(new BestValidation(null, 0, 1), best = best.After(5, double.NaN));
        Assert.Equal(new BestValidation(3, 10, 0), best = best.After(10, 3));
        Assert.Equal(new BestValidation(3, 10, 1), best = best.After(15, 3));
        Assert.Equal(new BestValidation(3, 10, 2), best = best.After(20, double.PositiveInfinity));
        Assert.Equal(new BestValidation(2.9, 25, 0), best = best.After(25, 2.9));
        Assert.Equal(new BestValidation(2.9, 25, 1), best = best.After(30, 2.85, threshold: 0.1));
        Assert.Equal(new BestValidation(2.6, 35, 0), best.After(35, 2.6, threshold: 0.1));
    }
}
