using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class RobustnessStudyTests
{
    [Fact]
    public void Only_post_ln_may_fail_and_has_to()
    {
        var study = new RobustnessStudy();
        double? Loss(ResidualVariant variant, double rate, double highest) =>
            variant == ResidualVariant.PostLn
                ? rate > highest
                    ? null
                    : 0.2
                : 0.3;

        Assert.Equal(
            ClaimVerdict.Holds,
            JudgedOutcomes.Verdict(
                study,
                training => Loss(training.Encoder(), training.Training.Schedule.LearningRate, 5e-3)
            )
        );
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            JudgedOutcomes.Verdict(
                study,
                training => Loss(training.Encoder(), training.Training.Schedule.LearningRate, 1)
            )
        );
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            JudgedOutcomes.Verdict(
                study,
                training => training.Training.Schedule.LearningRate > 5e-3 ? JudgedOutcomes.Bad : 0.2
            )
        );
        Assert.StartsWith(
            "Of 15 cells Post-LN fails in 6, Pre-LN in 0, Admin in 0; where Post-LN trains it ends below Pre-LN in "
                + "9 of 9",
            JudgedOutcomes
                .Findings(study, training => Loss(training.Encoder(), training.Training.Schedule.LearningRate, 5e-3))
                .Summary
        );
    }
}
