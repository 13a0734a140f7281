using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class TrainedOmegaStudyTests
{
    [Theory]
    [InlineData(0.25, ClaimVerdict.Holds)]
    [InlineData(0.35, ClaimVerdict.DoesNotHold)]
    [InlineData(JudgedOutcomes.Bad, ClaimVerdict.DoesNotHold)]
    public void Constant_and_trained_have_to_end_alike(double trained, ClaimVerdict verdict) =>
        Assert.Equal(
            verdict,
            JudgedOutcomes.Verdict(
                new TrainedOmegaStudy(),
                training => training.Model.Encoder.Analytic.Trainable ? trained : 0.2
            )
        );
}
