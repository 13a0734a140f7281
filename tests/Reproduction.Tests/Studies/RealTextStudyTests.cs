using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class RealTextStudyTests
{
    [Fact]
    public void Post_ln_has_to_fail_from_twelve_layers_on_and_admin_to_end_below_pre_ln()
    {
        var study = new RealTextStudy();
        double? AsInThePaper(ResidualVariant variant, int layers) =>
            variant switch
            {
                ResidualVariant.PostLn => layers > 6 ? JudgedOutcomes.Bad : 1,
                ResidualVariant.PreLn => 1.1,
                _ => 0.9,
            };

        Assert.Equal(
            ClaimVerdict.Holds,
            JudgedOutcomes.Verdict(study, training => AsInThePaper(training.Encoder(), training.Model.Encoder.Layers))
        );
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            JudgedOutcomes.Verdict(
                study,
                training => AsInThePaper(training.Encoder(), Math.Min(6, training.Model.Encoder.Layers))
            )
        );
        Assert.Equal(
            ClaimVerdict.Inconclusive,
            JudgedOutcomes.Verdict(
                study,
                training =>
                    training.Encoder() == ResidualVariant.Admin && training.Seed == 3
                        ? 1.2
                        : AsInThePaper(training.Encoder(), training.Model.Encoder.Layers)
            )
        );
    }
}
