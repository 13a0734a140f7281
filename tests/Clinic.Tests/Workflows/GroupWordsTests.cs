using TransformerClinic.Training.Statistics;
using TransformerClinic.Workflows;

namespace TransformerClinic.Tests.Workflows;

public class GroupWordsTests
{
    [Theory]
    [InlineData(82, 18, 1, "82 % computing, 18 % exchanging; training.accumulate: 4 would be 95 %")]
    [InlineData(82, 18, 3, "82 % computing, 18 % exchanging; training.accumulate: 12 would be 95 %")]
    [InlineData(97, 3, 1, "97 % computing, 3 % exchanging")]
    [InlineData(1, 99, 1, "1 % computing, 99 % exchanging; training.accumulate: 2048 would be 95 %")]
    public void Where_the_time_goes_is_said_with_what_would_help(
        double computing,
        double exchanging,
        int accumulate,
        string words
    )
    {
        var clock = new StepClock();
        clock.AddPasses(computing / 2, computing / 2);
        clock.AddExchange(exchanging);
        Assert.Equal(words, GroupWords.Times(clock, accumulate));
    }
}
