using TransformerClinic.Distribution;

namespace TransformerClinic.Tests.Distribution;

public class ProcessGroupsTests
{
    [Fact]
    public void Without_a_launcher_the_group_is_this_process()
    {
        using var group = ProcessGroups.OfLaunch(new DistributedOptions());

        Assert.IsType<SingleProcess>(group);
        Assert.Equal((0, 1, true), (group.Rank, group.Count, group.IsFirst));
    }

    [Fact]
    public void A_group_of_one_gathers_what_it_has()
    {
        using var group = new SingleProcess();
        group.Meet("a place");
        group.WaitForAll();

        Assert.Equal([1.5, 2.5], group.Gather<double>([1.5, 2.5]));
        Assert.Equal(0, group.BytesSent);
    }
}
