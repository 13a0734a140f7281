using CsCheck;
using TransformerClinic.Scoring.Bleu;
using TransformerClinic.Scoring.Tokenizers;

namespace TransformerClinic.Tests.Scoring.Tokenizers;

public class TokenizationTests
{
    [Theory]
    [InlineData("1,234.5 a.b,c 3-4 x-3 'tis", "1,234.5 a . b , c 3 - 4 x-3 'tis")]
    [InlineData("&quot;&lt;a&gt;&amp;&quot;", "\" < a > & \"")]
    [InlineData("&amp;lt;", "<")]
    [InlineData("in 2019.", "in 2019 .")]
    [InlineData(".5 ,,, ...", ". 5 , , , . . .")]
    [InlineData("a<skipped>b wo-\nrd\tx", "ab word x")]
    [InlineData("a\u00a0b\u001cc\u2003d", "a b c d")]
    [InlineData("naïve “x” – 😀. ½", "naïve “x” – 😀 . ½")]
    public void Mteval13a_separates_ASCII_punctuation_but_not_within_numbers(string sentence, string expected) =>
        AssertTokens(expected, sentence, BleuTokenization.Mteval13a);

    [Theory]
    [InlineData("1,234.5 a.b", "1,234.5 a . b")]
    [InlineData("in 2019.", "in 2019.")] // a fault of mteval-v14 that sacreBLEU keeps
    [InlineData("“Nein!”, 5€ + 3 = x", "“ Nein ! ” , 5 € + 3 = x")]
    [InlineData("x😀y 𝟗,𝟗", "x 😀 y 𝟗,𝟗")] // beyond 16 bits: a symbol, and digits around a comma
    public void International_uses_Unicode_categories(string sentence, string expected) =>
        AssertTokens(expected, sentence, BleuTokenization.International);

    [Fact]
    public void Character_takes_every_code_point_that_is_not_white_space() =>
        AssertTokens("h é 😀 l .", " hé\u3000😀l. ", BleuTokenization.Character);

    [Fact]
    public void None_splits_only_at_white_space() =>
        AssertTokens("(a.b) c,", " (a.b)\t\u0085c, ", BleuTokenization.None);

    [Theory]
    [InlineData("ΟΔΟΣ ΣΑΣ. Σ", "οδος σας. σ")]
    [InlineData("ΑΣ\u0301 ΑΣ'Α ΑΣ1", "ας\u0301 ασ'α ας1")]
    [InlineData("İSTANBUL ẞ 𐐀", "i\u0307stanbul ß 𐐨")]
    public void Lower_case_is_Unicodes(string text, string expected) => Assert.Equal(expected, LowerCase.Of(text));

    [Fact]
    public void No_token_is_empty_or_contains_white_space() =>
        Gen.Select(AnyText.Line, Gen.Enum<BleuTokenization>())
            .Sample(
                (line, tokenization) =>
                    Assert.All(
                        BleuScorer.Tokenize(line, tokenization),
                        token =>
                        {
                            Assert.NotEmpty(token);
                            Assert.DoesNotContain(token, WhiteSpace.Contains);
                        }
                    ),
                iter: 500
            );

    private static void AssertTokens(string expected, string sentence, BleuTokenization tokenization) =>
        Assert.Equal(expected, string.Join(' ', BleuScorer.Tokenize(sentence, tokenization)));
}
