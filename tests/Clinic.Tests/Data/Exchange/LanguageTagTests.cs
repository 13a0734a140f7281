using TransformerClinic.Data.Exchange;

namespace TransformerClinic.Tests.Data.Exchange;

public class LanguageTagTests
{
    [Theory]
    [InlineData("en", "en", 0)]
    [InlineData("en-US", "EN_us", 0)]
    [InlineData("en", "en-US", 1)]
    [InlineData("zh", "zh-Hant-TW", 1)]
    [InlineData("zh_Hant", "zh-Hant-TW", 1)]
    [InlineData("en-US", "en", 2)]
    [InlineData("en", "", 3)]
    [InlineData("en-US", "en-GB", null)]
    [InlineData("en", "eng", null)]
    [InlineData("eng", "en", null)]
    [InlineData("de", "en", null)]
    [InlineData("e", "en", null)]
    public void A_tag_fits_by_language_and_then_by_region(string wanted, string tag, int? rank) =>
        Assert.Equal(rank, LanguageTag.Rank(wanted, tag));

    [Theory]
    [InlineData("de", true)]
    [InlineData("en-US", true)]
    [InlineData("zh-Hant-TW", true)]
    [InlineData("x-klingon", false)]
    [InlineData("en_US", false)]
    [InlineData("German, Swiss", false)]
    [InlineData("", false)]
    [InlineData("de\n", false)]
    public void A_tag_is_well_formed_or_not(string tag, bool wellFormed) =>
        Assert.Equal(wellFormed, LanguageTag.IsWellFormed(tag));
}
