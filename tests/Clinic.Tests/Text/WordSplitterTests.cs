using CsCheck;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Text;

public class WordSplitterTests
{
    private static readonly TextNormalizer Normalizer = new(Normalization.Nfc);

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { " a" })]
    [InlineData("Don't go.", new[] { " Don", "'", "t", " go", "." })]
    [InlineData("in 1984: (x2)...", new[] { " in", " 1", "9", "8", "4", ":", " (", "x", "2", ")..." })]
    [InlineData("naïve cafe\u0301 東京٣", new[] { " naïve", " cafe\u0301", " 東京", "٣" })]
    [InlineData("👍👍 ok", new[] { " 👍👍", " ok" })]
    public void Letters_single_digits_and_everything_else_are_separate_stretches(string line, string[] expected) =>
        Assert.Equal(expected, WordSplitter.Split(line));

    [Fact]
    public void The_stretches_together_are_the_line_and_none_is_longer_than_the_longest()
    {
        AnyText.Line.Sample(line =>
        {
            var normalised = Normalizer.Normalize(line);
            var stretches = WordSplitter.Split(normalised).ToList();
            return string.Concat(stretches) == (normalised.Length == 0 ? "" : " " + normalised)
                && stretches.All(stretch =>
                    stretch.TrimStart(' ').EnumerateRunes().Count() is > 0 and <= WordSplitter.Longest
                )
                && stretches.All(stretch => stretch.LastIndexOf(' ') <= 0);
        });
    }
}
