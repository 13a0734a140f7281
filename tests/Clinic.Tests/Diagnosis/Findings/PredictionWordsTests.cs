using TransformerClinic.Diagnosis.Findings;

namespace TransformerClinic.Tests.Diagnosis.Findings;

public class PredictionWordsTests
{
    [Theory]
    [InlineData(0.719, true)]
    [InlineData(0.645, true)]
    [InlineData(0.452, false)]
    [InlineData(0.145, false)]
    public void Tokens_that_are_alike_at_the_encoders_output_are_said_to_delay_the_source(double similarity, bool late)
    {
        var words = PredictionWords.Of([new TrainingPrediction(1e-3, 1, 100) { Similarity = similarity }]);

        Assert.Contains("mean cosine", words, StringComparison.Ordinal);
        Assert.Equal(late, words.Contains("takes long to find its source", StringComparison.Ordinal));
    }

    [Fact]
    public void A_prediction_without_similarity_says_nothing_of_it() =>
        Assert.DoesNotContain(
            "cosine",
            PredictionWords.Of([new TrainingPrediction(1e-3, 1, 100)]),
            StringComparison.Ordinal
        );
}
