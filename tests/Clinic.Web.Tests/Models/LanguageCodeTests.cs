using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Tests.Models;

public class LanguageCodeTests
{
    [Theory]
    [InlineData("de")]
    [InlineData("DE")]
    [InlineData("de-AT")]
    [InlineData("de_DE")]
    [InlineData("deu")]
    [InlineData("ger")]
    [InlineData("ger-CH")]
    public void Every_way_to_write_German_finds_it(string wanted) =>
        Assert.Equal("de", LanguageCode.Find(wanted, ["en", "de", "nl"]));

    [Theory]
    [InlineData("fr")]
    [InlineData("d")]
    [InlineData("den")]
    [InlineData("de2")]
    [InlineData("deutsch")]
    [InlineData("../de")]
    public void What_is_not_served_is_not_found(string wanted) =>
        Assert.Null(LanguageCode.Find(wanted, ["en", "de", "nl"]));

    [Fact]
    public void The_region_decides_where_both_are_served()
    {
        Assert.Equal("pt-BR", LanguageCode.Find("PT_br", ["pt-PT", "pt-BR"]));
        Assert.Equal("pt-PT", LanguageCode.Find("pt", ["pt-PT", "pt-BR"]));
        Assert.Equal("zh-Hant", LanguageCode.Find("zh-hant", ["zh", "zh-Hant"]));
    }

    [Fact]
    public void A_language_of_three_letters_is_not_confused_with_another() =>
        Assert.Null(LanguageCode.Find("gem", ["ger", "ge"]));

    [Fact]
    public void Languages_have_English_names_and_others_their_code()
    {
        Assert.Equal("German", LanguageCode.EnglishName("de"));
        Assert.Equal("Portuguese (Brazil)", LanguageCode.EnglishName("pt_BR"));
        Assert.Equal("klingon2", LanguageCode.EnglishName("klingon2"));
    }
}
