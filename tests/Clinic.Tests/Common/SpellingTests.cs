using TransformerClinic.Common;

namespace TransformerClinic.Tests.Common;

public class SpellingTests
{
    private static readonly string[] Names = ["hf", "onnx", "ctranslate2"];

    [Theory]
    [InlineData("onx", "onnx")]
    [InlineData("HF", "hf")]
    [InlineData("hg", "hf")]
    [InlineData("translate2", "ctranslate2")]
    [InlineData("99", null)]
    [InlineData("tensorflow", null)]
    public void The_nearest_name_is_found_if_it_has_something_of_what_was_written(string written, string? expected) =>
        Assert.Equal(expected, Spelling.Nearest(written, Names));
}
