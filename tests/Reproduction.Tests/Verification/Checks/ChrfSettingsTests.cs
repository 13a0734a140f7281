using TransformerClinic.Reproduction.Verification.Checks;
using TransformerClinic.Scoring;
using TransformerClinic.Scoring.Chrf;

namespace TransformerClinic.Reproduction.Tests.Verification.Checks;

public class ChrfSettingsTests
{
    [Fact]
    public void Our_own_signatures_are_understood()
    {
        ChrfOptions[] all =
        [
            new(),
            ChrfOptions.PlusPlus,
            new() { LowerCase = true },
            new() { WhiteSpace = true },
            new() { EpsilonSmoothing = true },
            new() { CharacterOrder = 4 },
        ];

        Assert.All(
            all,
            options => Assert.Equal(options, ChrfSettings.Of(new ChrfMetric(options).Sentence("a", "a").Signature))
        );
    }

    [Theory]
    [InlineData("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0")]
    [InlineData("nrefs:1|case:mixed|eff:yes|nc:6|nw:-1|space:no|version:2.6.0")]
    [InlineData("")]
    public void Other_scores_are_not_chrF(string signature) => Assert.Null(ChrfSettings.Of(signature));
}
