using TransformerClinic.Reproduction.Verification.Quantities;

namespace TransformerClinic.Reproduction.Tests.Verification.Quantities;

public class QuantityFilterTests
{
    [Theory]
    [InlineData(null, "model/admin/logits", true)]
    [InlineData("model", "model/admin/logits", true)]
    [InlineData("MODEL/Admin", "model/admin/logits", true)]
    [InlineData("admin", "model/admin/logits", false)]
    [InlineData("*admin", "model/admin/logits", true)]
    [InlineData("*/logits", "model/admin/logits", true)]
    [InlineData("m**s", "model/admin/logits", true)]
    [InlineData("model/admin/logits/", "model/admin/logits", false)]
    [InlineData("model/*/float64", "model/admin/float32/float64", true)]
    [InlineData("model/*/float64", "model/admin/float6", false)]
    public void A_name_that_starts_with_the_pattern_is_wanted(string? pattern, string name, bool expected) =>
        Assert.Equal(expected, new QuantityFilter(pattern).Wants(name));

    [Theory]
    [InlineData("model/admin/logits", "model/admin", true)]
    [InlineData("model/admin/logits", "model/preln", false)]
    [InlineData("model", "model/preln", true)]
    [InlineData("*/logits", "decode", true)]
    [InlineData("model/*/float64", "model/admin/float32", true)]
    public void A_prefix_that_can_still_be_completed_may_be_wanted(string pattern, string beginning, bool expected) =>
        Assert.Equal(expected, new QuantityFilter(pattern).MayWant(beginning));
}
