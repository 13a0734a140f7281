using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Reproduction.Studies;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class HybridStudyTests
{
    [Fact]
    public void A_post_ln_encoder_has_to_fail_whatever_its_decoder()
    {
        var study = new HybridStudy();

        Assert.Equal(
            ClaimVerdict.Holds,
            JudgedOutcomes.Verdict(
                study,
                training => training.Encoder() == ResidualVariant.PostLn ? null : JudgedOutcomes.Good
            )
        );
        Assert.Equal(
            ClaimVerdict.DoesNotHold,
            JudgedOutcomes.Verdict(
                study,
                training => training.Decoder() == ResidualVariant.PostLn ? JudgedOutcomes.Bad : JudgedOutcomes.Good
            )
        );
        Assert.Equal(ClaimVerdict.DoesNotHold, JudgedOutcomes.Verdict(study, _ => JudgedOutcomes.Bad));
        Assert.Equal(ClaimVerdict.Inconclusive, JudgedOutcomes.Verdict(study, _ => JudgedOutcomes.Good));
    }

    [Fact]
    public void The_cell_that_the_paper_leaves_out_decides_nothing()
    {
        bool FourthCell(SmallTraining training) =>
            (training.Encoder(), training.Decoder()) == (ResidualVariant.PreLn, ResidualVariant.PostLn);

        Assert.Equal(
            ClaimVerdict.Holds,
            JudgedOutcomes.Verdict(
                new HybridStudy(),
                training =>
                    FourthCell(training) || training.Encoder() == ResidualVariant.PostLn
                        ? JudgedOutcomes.Bad
                        : JudgedOutcomes.Good
            )
        );
    }
}
