using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class BatchStudyTests
{
    [Fact]
    public void Only_the_large_batch_has_to_break_only_profiled_admin()
    {
        var study = new BatchStudy();

        Assert.Equal(
            ClaimVerdict.Holds,
            JudgedOutcomes.Verdict(
                study,
                training =>
                    training.Encoder() == ResidualVariant.Admin && training.Training.TokensPerBatch > 100 ? null : 0.2
            )
        );
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            JudgedOutcomes.Verdict(
                study,
                training =>
                    training.Encoder() == ResidualVariant.Admin && training.Training.Schedule.WarmUpUpdates < 100
                        ? null
                        : 0.2
            )
        );
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            JudgedOutcomes.Verdict(study, training => training.Training.TokensPerBatch > 100 ? null : 0.2)
        );
    }
}
