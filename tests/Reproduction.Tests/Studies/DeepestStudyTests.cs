using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class DeepestStudyTests
{
    [Fact]
    public void Admin_has_to_train_and_post_ln_to_fail()
    {
        var study = new DeepestStudy();

        Assert.Equal(
            ClaimVerdict.Holds,
            JudgedOutcomes.Verdict(
                study,
                training => training.Encoder() == ResidualVariant.Admin ? 1 : JudgedOutcomes.Bad
            )
        );
        Assert.Equal(ClaimVerdict.DoesNotHold, JudgedOutcomes.Verdict(study, _ => 1));
        Assert.Equal(ClaimVerdict.DoesNotHold, JudgedOutcomes.Verdict(study, _ => JudgedOutcomes.Bad));
    }
}
