using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class WarmUpStudyTests
{
    [Fact]
    public void Post_ln_has_to_fail_at_every_warm_up()
    {
        var study = new WarmUpStudy();

        Assert.Equal(
            ClaimVerdict.Holds,
            JudgedOutcomes.Verdict(
                study,
                training => training.Encoder() == ResidualVariant.PostLn ? JudgedOutcomes.Bad : JudgedOutcomes.Good
            )
        );
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            JudgedOutcomes.Verdict(
                study,
                training =>
                    training.Encoder() == ResidualVariant.PostLn && training.Training.Schedule.WarmUpUpdates < 400
                        ? JudgedOutcomes.Bad
                        : JudgedOutcomes.Good
            )
        );
        Assert.Equal(ClaimVerdict.Inconclusive, JudgedOutcomes.Verdict(study, _ => JudgedOutcomes.Good));
    }

    [Fact]
    public void Every_warm_up_is_followed_by_the_same_decay() =>
        Assert.Equal(
            [200, 200, 200, 200, 200],
            new WarmUpStudy()
                .Cells(StudyBudget.Minutes)
                .Select(cell =>
                    cell.Trainings[0].Training.MaxUpdates - cell.Trainings[0].Training.Schedule.WarmUpUpdates
                )
        );
}
