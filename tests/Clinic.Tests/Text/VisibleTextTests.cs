using CsCheck;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Text;

public class VisibleTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Wähl eine Datei 😀\tund\nlies.", "Wähl eine Datei 😀\tund\nlies.")]
    [InlineData("\u001B[31mred\u001B[0m", "␛[31mred␛[0m")]
    [InlineData("a\rb\0c\ad\u007F", "a␍b␀c␇d␡")]
    [InlineData("a\u009B31m\u0085b", "a\\u009B31m\\u0085b")]
    public void Control_characters_are_shown_instead_of_obeyed(string text, string expected)
    {
        Assert.Equal(expected, VisibleText.Of(text));
        Assert.Equal(expected, VisibleText.OnTerminal(text));
    }

    [Fact]
    public void On_a_terminal_what_reverses_the_order_of_text_is_shown_and_marks_within_a_script_stay()
    {
        Assert.Equal("a\\u202Eb\\u2066c\\u2069", VisibleText.OnTerminal("a\u202Eb\u2066c\u2069"));
        Assert.Equal("a\u202Eb", VisibleText.Of("a\u202Eb"));
        Assert.Equal("א\u200F می\u200Cخواهم", VisibleText.OnTerminal("א\u200F می\u200Cخواهم"));
    }

    [Fact]
    public void Nothing_else_changes_and_what_was_shown_once_does_not_change_again() =>
        AnyText.Line.Sample(text =>
        {
            var visible = VisibleText.OnTerminal(text);
            return !visible.Any(c => char.IsControl(c) && c is not ('\t' or '\n'))
                && VisibleText.OnTerminal(visible) == visible
                && (visible == text || text.Any(c => char.IsControl(c) || c is >= '\u202A' and <= '\u202E'));
        });
}
