using TransformerClinic.Reproduction.Results;

namespace TransformerClinic.Reproduction.Tests.Results;

public class MarkdownProseTests
{
    [Fact]
    public void Lines_are_as_long_as_fits_and_keep_the_prefix() =>
        Assert.Equal(
            $"> {new string('a', 60)} {new string('b', 57)}\n> c\n> {new string('d', 130)}",
            MarkdownProse.Wrapped($"{new string('a', 60)} {new string('b', 57)} c {new string('d', 130)}", "> ")
        );

    [Fact]
    public void No_line_starts_with_a_list_marker() =>
        Assert.Equal(
            $"{new string('a', 117)}\nb + {new string('c', 20)}",
            MarkdownProse.Wrapped($"{new string('a', 117)} b + {new string('c', 20)}")
        );
}
