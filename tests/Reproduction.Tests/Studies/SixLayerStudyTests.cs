using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class SixLayerStudyTests
{
    [Fact]
    public void Pre_ln_has_to_end_last()
    {
        var study = new SixLayerStudy();

        Assert.Equal(
            ClaimVerdict.Holds,
            JudgedOutcomes.Verdict(study, training => training.Encoder() == ResidualVariant.PreLn ? 0.3 : 0.2)
        );
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            JudgedOutcomes.Verdict(study, training => training.Encoder() == ResidualVariant.PostLn ? 0.4 : 0.3)
        );
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            JudgedOutcomes.Verdict(
                study,
                training => training.Encoder() == ResidualVariant.PreLn ? JudgedOutcomes.Bad : 0.2
            )
        );
    }
}
