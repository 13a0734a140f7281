using TransformerClinic.Reproduction.Verification.Checks;
using TransformerClinic.Scoring.Bleu;

namespace TransformerClinic.Reproduction.Tests.Verification.Checks;

public class BleuSettingsTests
{
    [Fact]
    public void Our_own_signatures_are_understood()
    {
        foreach (var tokenization in Enum.GetValues<BleuTokenization>())
        {
            foreach (var smoothing in new[] { BleuSmoothing.Exponential, BleuSmoothing.None })
            {
                var options = new BleuOptions
                {
                    Tokenization = tokenization,
                    Smoothing = smoothing,
                    LowerCase = smoothing == BleuSmoothing.None,
                    EffectiveOrder = true,
                };

                Assert.Equal(options, BleuSettings.Of(BleuScorer.Corpus(["a b"], ["a b"], options).Signature));
            }
        }
    }

    [Theory]
    [InlineData("nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0")]
    [InlineData("nrefs:1|case:mixed|eff:no|tok:ja-mecab|smooth:exp|version:2.6.0")]
    [InlineData("nrefs:1|case:mixed|eff:no|tok:13a|smooth:floor[0.10]|version:2.6.0")]
    [InlineData("")]
    public void Unsupported_signatures_are_not_ours(string signature) => Assert.Null(BleuSettings.Of(signature));
}
