using TransformerClinic.Distribution;

namespace TransformerClinic.Tests.Distribution;

public class WaitingTests
{
    [Fact]
    public void What_happens_in_time_has_happened()
    {
        var asked = 0;

        Assert.True(Waiting.Until(() => ++asked == 3, TimeSpan.Zero));
        Assert.Equal(3, asked);
    }

    [Fact]
    public void What_does_not_happen_is_given_up() =>
        Assert.False(Waiting.Until(() => false, TimeSpan.FromMilliseconds(1)));

    [Fact]
    public void Without_a_limit_it_waits_through_naps()
    {
        var happens = Task.Delay(200, TestContext.Current.CancellationToken);

        Assert.True(Waiting.Until(() => happens.IsCompleted, patience: null));
    }
}
