using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Data.Parts;

namespace TransformerClinic.Tests.Data.Parts;

public sealed class TextPartTests
{
    [Fact]
    public void Parts_follow_each_other_from_the_beginning_to_the_end() =>
        Gen.Select(Gen.Long[0, long.MaxValue / 2], Gen.Int[1, 200])
            .Sample(
                (size, count) =>
                {
                    TextPart[] parts = [.. Enumerable.Range(0, count).Select(i => TextPart.Of(i, count))];
                    Assert.Equal(0, parts[0].Begin(size));
                    Assert.Equal(size, parts[^1].End(size));
                    Assert.All(
                        parts.Zip(parts.Skip(1)),
                        pair => Assert.Equal(pair.First.End(size), pair.Second.Begin(size))
                    );
                }
            );

    [Fact]
    public void A_part_is_written_as_it_is_read() => Assert.Equal("3/8", TextPart.Parse("3/8").ToString());

    [Theory]
    [InlineData("8/8", "There is no part 8 of 8: parts are numbered from 0 to 7.")]
    [InlineData("0/0", "A text has from 1 to 100,000 parts, not 0.")]
    [InlineData("0/100001", "A text has from 1 to 100,000 parts, not 100001.")]
    [InlineData("3", "'3' is not a part: write its number from 0, a slash, and how many parts there are, such as 0/8.")]
    [InlineData("-1/8", "'-1/8' is not a part: ")]
    [InlineData("1/2/3", "'1/2/3' is not a part: ")]
    [InlineData(" 1/2", "' 1/2' is not a part: ")]
    public void What_is_not_a_part_is_refused(string text, string message) =>
        Assert.StartsWith(
            message,
            Assert.Throws<UserErrorException>(() => TextPart.Parse(text)).Message,
            StringComparison.Ordinal
        );
}
