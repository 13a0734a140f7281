using TransformerClinic.Common;

namespace TransformerClinic.Tests.Common;

public class SlowingProgressTests
{
    private const int Total = 10_000;

    /// <summary>
    /// A unit k that costs A / k after a long start, like merges: the time left is A ln(total / k), while the mean rate
    /// says thousands of seconds.
    /// </summary>
    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(9000)]
    public void The_time_left_is_predicted_for_work_whose_units_become_cheaper(int done)
    {
        const double Start = 20,
            A = 30;
        var clock = Start;
        var told = new List<WorkDone>();
        var progress = new SlowingProgress(new Heard(told), Total, () => TimeSpan.FromSeconds(clock));
        for (var k = 1; k <= done; k++)
        {
            clock += A / k;
            progress.Report(k);
        }

        var left = told[^1].Left(byRate: TimeSpan.FromHours(28))!.Value.TotalSeconds;

        var right = Enumerable.Range(done + 1, Total - done).Sum(k => A / k);
        Assert.InRange(left, 0.95 * right, 1.05 * right);
        Assert.True(Total < 10 * done || clock / done * (Total - done) > 3 * right, "the mean rate would have done");
    }

    [Fact]
    public void Before_there_is_a_trend_nothing_is_predicted_and_at_the_end_nothing_is_left()
    {
        var clock = 0.0;
        var told = new List<WorkDone>();
        var progress = new SlowingProgress(new Heard(told), Total, () => TimeSpan.FromSeconds(clock++));
        for (var k = 1; k <= Total; k++)
        {
            progress.Report(k);
        }

        Assert.All(told[..63], done => Assert.Null(done.Left(TimeSpan.FromHours(28))));
        Assert.All(told[63..], done => Assert.NotNull(done.Left(TimeSpan.FromHours(28))));
        Assert.Equal(TimeSpan.Zero, told[^1].Left(TimeSpan.Zero));
        Assert.Equal(Enumerable.Range(1, Total).Select(k => (double)k), told.Select(done => done.Done));
    }

    [Fact]
    public void With_even_work_the_rate_decides_up_to_the_limit()
    {
        var (short_, long_) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.Equal(short_, new WorkDone(1).Left(short_));
        Assert.Null(new WorkDone(1).Left(null));
        Assert.Equal(short_, new WorkDone(1, AtMost: short_).Left(long_));
        Assert.Equal(short_, new WorkDone(1, AtMost: long_).Left(short_));
        Assert.Equal(short_, new WorkDone(1, AtMost: short_).Left(null));
    }

    private sealed class Heard(List<WorkDone> told) : IProgress<WorkDone>
    {
        public void Report(WorkDone value) => told.Add(value);
    }
}
