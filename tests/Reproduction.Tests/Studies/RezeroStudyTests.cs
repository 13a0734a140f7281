using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class RezeroStudyTests
{
    [Theory]
    [InlineData(0.3, 0.4, ClaimVerdict.Holds)]
    [InlineData(0.1, 0.4, ClaimVerdict.DoesNotHold)]
    [InlineData(0.3, JudgedOutcomes.Bad, ClaimVerdict.DoesNotHold)]
    public void Both_have_to_train_and_to_end_above_admin(double rezero, double rezeroPostLn, ClaimVerdict verdict) =>
        Assert.Equal(
            verdict,
            JudgedOutcomes.Verdict(
                new RezeroStudy(),
                training =>
                    training.Encoder() switch
                    {
                        ResidualVariant.Rezero => rezero,
                        ResidualVariant.RezeroPostLn => rezeroPostLn,
                        _ => 0.2,
                    }
            )
        );
}
