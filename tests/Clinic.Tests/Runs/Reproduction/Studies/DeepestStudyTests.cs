using TransformerClinic.Residuals;
using TransformerClinic.Runs.Reproduction;
using TransformerClinic.Runs.Reproduction.Studies;

namespace TransformerClinic.Tests.Runs.Reproduction.Studies;

public class DeepestStudyTests
{
    [Fact]
    public void Admin_has_to_train_and_post_ln_to_fail()
    {
        var study = new DeepestStudy();

        Assert.Equal(ClaimVerdict.Holds, JudgedOutcomes.Verdict(study, training => training.Encoder() == ResidualVariant.Admin ? 1 : JudgedOutcomes.Bad));
        Assert.Equal(ClaimVerdict.DoesNotHold, JudgedOutcomes.Verdict(study, _ => 1));
        Assert.Equal(ClaimVerdict.DoesNotHold, JudgedOutcomes.Verdict(study, _ => JudgedOutcomes.Bad));
    }
}
