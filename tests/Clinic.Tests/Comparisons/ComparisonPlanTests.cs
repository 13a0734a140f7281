using TransformerClinic.Common;
using TransformerClinic.Comparisons;
using TransformerClinic.Recipes;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.Recipes;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Comparisons;

public sealed class ComparisonPlanTests
{
    private static readonly ComparisonOptions Options = new()
    {
        Candidates = [Candidate.Of(ResidualVariant.PreLn)],
        Seeds = [1],
        Rates = [1e-3],
        Tokens = 5000,
    };

    [Fact]
    public void A_budget_of_tokens_has_no_limit_of_updates() =>
        Assert.Equal(int.MaxValue, Planned(new() { WarmUpUpdates = 400 }).Training.MaxUpdates);

    [Theory]
    [InlineData(ScheduleName.InverseSqrt)]
    [InlineData(ScheduleName.Plateau)]
    public void The_total_of_a_schedule_that_has_no_end_limits_nothing(ScheduleName name)
    {
        var schedule = new ScheduleOptions
        {
            Name = name,
            WarmUpUpdates = 400,
            TotalUpdates = 20_000,
        };

        Assert.Equal(int.MaxValue, Planned(schedule).Training.MaxUpdates);
    }

    [Theory]
    [InlineData(ScheduleName.Linear)]
    [InlineData(ScheduleName.Cosine)]
    [InlineData(ScheduleName.Polynomial)]
    public void A_budget_of_tokens_needs_a_schedule_that_does_not_end_with_training(ScheduleName name)
    {
        var schedule = new ScheduleOptions { Name = name, WarmUpUpdates = 400 };

        Assert.Contains(
            "falls until training.maxUpdates",
            Assert.Throws<UserErrorException>(() => Planned(schedule)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(20_000, Planned(schedule with { TotalUpdates = 20_000 }).Training.MaxUpdates);
    }

    private static Recipe Planned(ScheduleOptions schedule)
    {
        var recipe = RecipeFile.Read();
        var training = recipe.Training with { Schedule = schedule };
        var plan = new ComparisonPlan(recipe with { Training = training }, Options);
        return plan.Final(candidate => plan.RateOf(candidate)).Single().Recipe;
    }
}
