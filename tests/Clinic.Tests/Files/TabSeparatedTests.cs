using CsCheck;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public class TabSeparatedTests
{
    [Theory]
    [InlineData("a\tb", "a b")]
    [InlineData("a\r\n\tb", "a b")]
    [InlineData("\u0085a\u2028b\u2029", " a b ")]
    [InlineData("a\u001B[31mb\u000Bc\0", "a [31mb c ")]
    [InlineData("a  b\u00A0c \u3000", "a  b\u00A0c \u3000")]
    [InlineData("", "")]
    public void Characters_that_would_end_a_cell_or_a_line_become_one_space(string text, string cell) =>
        Assert.Equal($"x\t{cell}\n", TabSeparated.Row("x", text));

    [Fact]
    public void A_row_has_as_many_columns_as_cells_and_is_one_line() =>
        AnyText
            .Line.Array[1, 5]
            .Sample(cells =>
            {
                var row = TabSeparated.Row(cells);
                return row.EndsWith('\n')
                    && row.Count(char.IsControl) == cells.Length
                    && row.Count(c => c == '\t') == cells.Length - 1;
            });
}
