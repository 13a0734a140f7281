using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;

namespace TransformerClinic.Reproduction.Tests.Studies;

public class DepthMixStudyTests
{
    [Theory]
    [InlineData(0.3, ClaimVerdict.Holds)]
    [InlineData(0.1, ClaimVerdict.DoesNotHold)]
    public void The_deep_encoder_has_to_end_below_the_deep_decoder(double deepDecoder, ClaimVerdict verdict) =>
        Assert.Equal(
            verdict,
            JudgedOutcomes.Verdict(
                new DepthMixStudy(),
                training => training.Model.Decoder.Layers > training.Model.Encoder.Layers ? deepDecoder : 0.2
            )
        );
}
