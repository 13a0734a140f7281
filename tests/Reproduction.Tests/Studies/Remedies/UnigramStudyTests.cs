using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Reproduction.Studies.Remedies;

namespace TransformerClinic.Reproduction.Tests.Studies.Remedies;

public class UnigramStudyTests
{
    [Theory]
    [InlineData(0.0, ClaimVerdict.Holds)]
    [InlineData(0.09, ClaimVerdict.Holds)]
    [InlineData(-0.09, ClaimVerdict.Holds)]
    [InlineData(0.11, ClaimVerdict.DoesNotHold)]
    [InlineData(-0.11, ClaimVerdict.DoesNotHold)]
    [InlineData(-1.0, ClaimVerdict.Inconclusive)]
    public void What_fails_has_to_end_near_guessing(double above, ClaimVerdict verdict) =>
        Assert.Equal(verdict, Verdict(_ => JudgedOutcomes.Unigram + above));

    [Fact]
    public void A_loss_that_is_not_finite_is_not_near_it() =>
        Assert.Equal(ClaimVerdict.DoesNotHold, Verdict(training => training.Seed == 2 ? null : JudgedOutcomes.Unigram));

    [Fact]
    public void One_seed_that_trains_leaves_its_model_undecided() =>
        Assert.Equal(
            ClaimVerdict.Inconclusive,
            Verdict(training => training.Seed == 2 ? JudgedOutcomes.Good : JudgedOutcomes.Unigram)
        );

    private static ClaimVerdict Verdict(Func<SmallTraining, double?> nll) =>
        JudgedOutcomes.Verdict(new UnigramStudy(), nll);
}
