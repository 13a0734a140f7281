using TransformerClinic.Distribution;

namespace TransformerClinic.Tests.Distribution;

public class MissingProcessesTests
{
    private static readonly string[] Hosts = [.. Enumerable.Range(0, 20).Select(rank => $"node{rank / 2}")];

    [Fact]
    public void One_is_named_with_its_machine() =>
        Assert.StartsWith(
            "rank 3 on node1 has not reached update 812 within 10 minutes (distributed.patience). ",
            new MissingProcesses(1, [3]).Words(Hosts, "update 812", TimeSpan.FromMinutes(10)),
            StringComparison.Ordinal
        );

    [Fact]
    public void Of_many_the_first_are_named() =>
        Assert.StartsWith(
            "rank 1 on node0, rank 2 on node1 and 9 more have not reached update 1 within 3 seconds",
            new MissingProcesses(11, [1, 2]).Words(Hosts, "update 1", TimeSpan.FromSeconds(3)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(1, "1 second")]
    [InlineData(1.5, "1.5 seconds")]
    [InlineData(90, "90 seconds")]
    [InlineData(600, "10 minutes")]
    [InlineData(36_000, "10 hours")]
    public void A_time_is_in_the_unit_that_suits_it(double seconds, string words) =>
        Assert.Equal(words, MissingProcesses.Words(TimeSpan.FromSeconds(seconds)));
}
