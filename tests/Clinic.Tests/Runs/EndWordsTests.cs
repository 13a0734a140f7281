using TransformerClinic.Runs;
using TransformerClinic.Training;

namespace TransformerClinic.Tests.Runs;

public class EndWordsTests
{
    [Fact]
    public void Every_end_has_its_words()
    {
        var words = Enum.GetValues<TrainingEnd>()
            .Select(end =>
                EndWords.Of(end, new TrainingState(), new TrainingOptions { MaxUpdates = 20_000, MaxMinutes = 9.5 })
            )
            .ToList();

        Assert.Equal(words.Count, words.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("all 20,000 updates were made", words);
        Assert.Contains("9.5 minutes were up", words);
    }

    [Fact]
    public void An_early_end_names_the_best_validation() =>
        Assert.Equal(
            "the validation loss was lowest, 3.142, at update 1,500, and 4 validations since then did not lower it",
            EndWords.Of(
                TrainingEnd.NoImprovement,
                new TrainingState { Best = new BestValidation(3.14159, 1500, 4) },
                new TrainingOptions()
            )
        );

    [Fact]
    public void Without_any_finite_loss_it_says_so() =>
        Assert.Equal(
            "the validation loss was not finite 4 times",
            EndWords.Of(
                TrainingEnd.NoImprovement,
                new TrainingState { Best = new BestValidation(null, 0, 4) },
                new TrainingOptions()
            )
        );
}
