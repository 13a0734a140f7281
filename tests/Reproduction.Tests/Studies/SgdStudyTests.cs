using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Training;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class SgdStudyTests
{
    [Fact]
    public void Descent_has_to_stay_behind_at_a_rate_within_the_range()
    {
        var study = new SgdStudy();
        double? Loss(OptimizerName name, double rate, double atBest, double best) =>
            name == OptimizerName.Adam ? 0.2
            : rate == best ? atBest
            : 2.6;

        Assert.Equal(
            ClaimVerdict.Holds,
            JudgedOutcomes.Verdict(
                study,
                training => Loss(training.Training.Optimizer.Name, training.Training.Schedule.LearningRate, 1.5, 0.3)
            )
        );
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            JudgedOutcomes.Verdict(
                study,
                training => Loss(training.Training.Optimizer.Name, training.Training.Schedule.LearningRate, 0.6, 0.3)
            )
        );
        Assert.Equal(
            ClaimVerdict.Inconclusive,
            JudgedOutcomes.Verdict(
                study,
                training => Loss(training.Training.Optimizer.Name, training.Training.Schedule.LearningRate, 1.5, 3)
            )
        );
    }
}
