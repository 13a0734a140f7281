using TransformerClinic.Reproduction.Claims;

namespace TransformerClinic.Reproduction.Tests.Claims;

public class ConditionTests
{
    [Theory]
    [InlineData(ClaimVerdict.Holds, "yes")]
    [InlineData(ClaimVerdict.Holds, "yes", "yes")]
    [InlineData(ClaimVerdict.DoesNotHold, "yes", "no")]
    [InlineData(ClaimVerdict.DoesNotHold, "undecided", "no")]
    [InlineData(ClaimVerdict.Inconclusive, "yes", "undecided")]
    [InlineData(ClaimVerdict.Inconclusive)]
    public void One_violated_condition_refutes_a_claim(ClaimVerdict verdict, params string[] met) =>
        Assert.Equal(
            verdict,
            Condition.VerdictOf([
                .. met.Select(word => new Condition("", "", word == "undecided" ? null : word == "yes")),
            ])
        );

    [Fact]
    public void A_value_that_is_not_a_number_satisfies_no_condition()
    {
        Assert.False(Condition.Below("x", double.NaN, 1).Met);
        Assert.False(Condition.Above("x", double.PositiveInfinity, 1).Met);
        Assert.False(Condition.Between("x", double.NaN, 0, 1).Met);
        Assert.True(Condition.Below("x", 0.5, 1).Met);
        Assert.Equal(
            ("x is above 0.25", "0.5"),
            (Condition.Above("x", 0.5, 0.25).Text, Condition.Above("x", 0.5, 0.25).Measured)
        );
    }
}
