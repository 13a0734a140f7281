using TransformerClinic.Reproduction.SmallTrainings;

namespace TransformerClinic.Reproduction.Tests.SmallTrainings;

public class ReversalTaskTests
{
    [Fact]
    public void Guessing_knows_lengths()
    {
        var options = new ReversalOptions();
        var text = ReversalTask.Create(options);

        // Two to five words, all equally frequent, and an end that costs nothing.
        var words = (options.Shortest + options.Longest) / 2.0;
        Assert.Equal(words * Math.Log(options.Words) / (words + 1), text.GuessNll, 0.01);
    }
}
