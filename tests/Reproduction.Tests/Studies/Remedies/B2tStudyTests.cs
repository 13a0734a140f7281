using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Reproduction.Studies.Remedies;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;

namespace TransformerClinic.Reproduction.Tests.Studies.Remedies;

public class B2tStudyTests
{
    [Fact]
    public void The_connection_has_to_rescue_and_the_initial_weights_alone_not_to()
    {
        Assert.Equal(ClaimVerdict.Holds, Verdict(HasConnection));
        Assert.Equal(ClaimVerdict.DoesNotHold, Verdict(training => HasConnection(training) || HasWeights(training)));
        Assert.Equal(ClaimVerdict.DoesNotHold, Verdict(training => HasConnection(training) && HasWeights(training)));
    }

    [Fact]
    public void Nothing_is_decided_where_post_ln_trains() =>
        Assert.Equal(ClaimVerdict.Inconclusive, Verdict(_ => true));

    private static bool HasConnection(SmallTraining training) => training.Encoder() == ResidualVariant.B2t;

    private static bool HasWeights(SmallTraining training) =>
        training.Model.Encoder.Initialization == InitialWeights.B2t;

    private static ClaimVerdict Verdict(Func<SmallTraining, bool> trains) =>
        JudgedOutcomes.Verdict(new B2tStudy(), training => trains(training) ? JudgedOutcomes.Good : JudgedOutcomes.Bad);
}
