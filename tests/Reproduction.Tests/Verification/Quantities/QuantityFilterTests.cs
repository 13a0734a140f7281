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
    public void A_name_is_wanted_that_begins_with_the_pattern(string? pattern, string name, bool expected) =>
        Assert.Equal(expected, new QuantityFilter(pattern).Wants(name));

    [Theory]
    [InlineData("model/admin/logits", "model/admin", true)]
    [InlineData("model/admin/logits", "model/preln", false)]
    [InlineData("model", "model/preln", true)]
    [InlineData("*/logits", "decode", true)]
    [InlineData("model/*/float64", "model/admin/float32", true)]
    public void A_beginning_may_be_wanted_that_can_be_gone_on_with(string pattern, string beginning, bool expected) =>
        Assert.Equal(expected, new QuantityFilter(pattern).MayWant(beginning));
}
