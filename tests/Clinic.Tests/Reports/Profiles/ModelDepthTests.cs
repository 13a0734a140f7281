using TransformerClinic.Common;
using TransformerClinic.Reports.Profiles;

namespace TransformerClinic.Tests.Reports.Profiles;

public class ModelDepthTests
{
    [Fact]
    public void One_number_is_the_depth_of_both_stacks() =>
        Assert.Equal(
            [new ModelDepth(6, 6), new ModelDepth(60, 12), new ModelDepth(100, 100)],
            ModelDepth.ParseList("6, 60+12,100", "depths")
        );

    [Theory]
    [InlineData("6,deep", "'deep'")]
    [InlineData("0", "'0'")]
    [InlineData("6+", "'6+'")]
    [InlineData("1+2+3", "'1+2+3'")]
    [InlineData("1001", "from 1 to 1000")]
    public void What_is_no_depth_is_named(string list, string named) =>
        Assert.Contains(
            named,
            Assert.Throws<UserErrorException>(() => ModelDepth.ParseList(list, "depths")).Message,
            StringComparison.Ordinal
        );
}
