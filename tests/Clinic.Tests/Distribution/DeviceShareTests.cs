using TransformerClinic.Common;
using TransformerClinic.Distribution;
using TransformerClinic.Tests.TestSupport;

namespace TransformerClinic.Tests.Distribution;

public class DeviceShareTests
{
    [Theory]
    [InlineData("LOCAL_RANK=3", 3)]
    [InlineData("OMPI_COMM_WORLD_LOCAL_RANK=1", 1)]
    [InlineData("MPI_LOCALRANKID=2", 2)]
    [InlineData("SLURM_LOCALID=0", 0)]
    [InlineData("LOCAL_RANK=3;SLURM_LOCALID=0", 3)]
    [InlineData("RANK=1", null)]
    public void The_launchers_say_which_process_of_its_machine_this_is(string variables, int? expected) =>
        Assert.Equal(expected, DeviceShare.LocalRank(Variables(variables)));

    [Fact]
    public void A_number_that_is_none_is_refused() =>
        Assert.Equal(
            "LOCAL_RANK is 'two', but launchers set it to the number of the process on its machine, from 0.",
            Assert.Throws<UserErrorException>(() => DeviceShare.LocalRank(Variables("LOCAL_RANK=two"))).Message
        );

    [Theory]
    [InlineData(0, new[] { "", "" }, 2, "0")]
    [InlineData(1, new[] { "", "" }, 2, "1")]
    [InlineData(1, new[] { "", "" }, null, "1")]
    [InlineData(1, new[] { "2,3", "2,3" }, 4, "3")]
    [InlineData(1, new[] { "GPU-a, GPU-b", "GPU-a, GPU-b" }, 2, "GPU-b")]
    [InlineData(1, new[] { "0", "1" }, 2, null)]
    [InlineData(0, new[] { "2" }, 4, "2")]
    public void Each_process_sees_a_device_of_its_own(int local, string[] visible, int? installed, string? expected) =>
        Assert.Equal(expected, new DeviceShare(local, visible).Choice(installed));

    [Theory]
    [InlineData(new[] { "", "", "" }, 2, "3 processes are on this machine, and it has 2 CUDA devices: device: cuda")]
    [InlineData(new[] { "5", "5" }, 8, "2 processes are on this machine, and CUDA_VISIBLE_DEVICES shows them 5: ")]
    public void More_processes_than_devices_are_refused(string[] visible, int installed, string expected) =>
        Assert.StartsWith(
            expected,
            Assert
                .Throws<UserErrorException>(() => new DeviceShare(visible.Length - 1, visible).Choice(installed))
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Processes_count_by_machine_and_by_launcher_if_it_says_so()
    {
        // Two to a machine, by the hosts of the group of threads.
        Assert.Equal([0, 1, 0, 1], Locals(_ => ""));
        Assert.Equal([1, 0, 1, 0], Locals(rank => $"LOCAL_RANK={1 - (rank % 2)}"));
        var failure = Assert.Throws<UserErrorException>(() => Locals(_ => "LOCAL_RANK=0"));
        Assert.Matches("^ranks [02] and [13] on node[12] are both process 0 of their machine", failure.Message);

        static int[] Locals(Func<int, string> variables) =>
            ThreadGroup.Run(
                4,
                group =>
                {
                    var share = DeviceShare.Of(
                        group,
                        Variables(variables(group.Rank)),
                        _ => [.. Enumerable.Range(0, group.Count).Select(rank => $"devices of {rank}")]
                    );
                    Assert.Equal($"devices of {group.Rank}", share.Visible[share.Local]);
                    return share.Local;
                }
            );
    }

    private static Func<string, string?> Variables(string text)
    {
        var values = text.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return name => values.GetValueOrDefault(name);
    }
}
