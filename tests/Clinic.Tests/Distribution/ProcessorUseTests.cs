using TransformerClinic.Distribution;

namespace TransformerClinic.Tests.Distribution;

public class ProcessorUseTests
{
    [Theory]
    [InlineData(1, 64, 1, 0)] // mpirun pins two processes or fewer to a core each
    [InlineData(1, 64, 2, 0)]
    [InlineData(1, 64, 1, 32)]
    [InlineData(8, 0, 1, 32)]
    public void Pinned_processes_are_warned_of(int allowed, int ofLauncher, int neighbors, int threads) =>
        Assert.Contains(
            "bind to none",
            new ProcessorUse(allowed, ofLauncher, neighbors, threads).Warning,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(64, 64, 2, 0)]
    [InlineData(64, 64, 4, 32)]
    public void Too_many_threads_are_warned_of(int allowed, int ofLauncher, int neighbors, int threads) =>
        Assert.Contains(
            "share 64 processors",
            new ProcessorUse(allowed, ofLauncher, neighbors, threads).Warning,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(64, 64, 1, 0)]
    [InlineData(64, 64, 1, 64)]
    [InlineData(64, 64, 4, 16)]
    [InlineData(16, 64, 4, 0)] // each has its quarter
    [InlineData(16, 64, 4, 16)]
    [InlineData(8, 0, 1, 8)] // the launcher is unknown
    public void What_fits_is_not_warned_of(int allowed, int ofLauncher, int neighbors, int threads) =>
        Assert.Null(new ProcessorUse(allowed, ofLauncher, neighbors, threads).Warning);

    [Theory]
    [InlineData("0", 1)]
    [InlineData("0-3", 4)]
    [InlineData("0-3,8,10-11", 7)]
    public void Lists_of_processors_are_counted(string list, int count) =>
        Assert.Equal(count, ProcessorUse.Length(list));

    [Fact]
    public void This_process_may_use_a_processor()
    {
        using var group = new SingleProcess();

        Assert.InRange(ProcessorUse.Of(group, 0).Allowed, 1, 100_000);
    }
}
