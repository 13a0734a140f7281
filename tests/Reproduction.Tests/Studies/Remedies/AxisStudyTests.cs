using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Reproduction.Studies.Remedies;

namespace TransformerClinic.Reproduction.Tests.Studies.Remedies;

public class AxisStudyTests
{
    private static readonly AxisStudy Study = new();

    [Fact]
    public void Post_ln_has_to_fail_and_every_other_point_to_train()
    {
        Assert.Equal(ClaimVerdict.Holds, Verdict(training => Power(training) > 0));
        Assert.Equal(ClaimVerdict.DoesNotHold, Verdict(_ => true));
        Assert.Equal(ClaimVerdict.DoesNotHold, Verdict(_ => false));
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            Verdict(training => Power(training) > 0 && !training.Model.Decoder.Analytic.InnerNorm)
        );
    }

    [Fact]
    public void Every_training_has_the_same_point_in_both_stacks() =>
        Assert.All(
            Study.Cells(StudyBudget.Minutes).SelectMany(cell => cell.Trainings),
            training => Assert.Equal(training.Model.Encoder.Analytic, training.Model.Decoder.Analytic)
        );

    private static double Power(SmallTraining training) => training.Model.Encoder.Analytic.Power;

    private static ClaimVerdict Verdict(Func<SmallTraining, bool> trains) =>
        JudgedOutcomes.Verdict(Study, training => trains(training) ? JudgedOutcomes.Good : JudgedOutcomes.Bad);
}
