using TransformerClinic.Cli.Prompt;

namespace TransformerClinic.Cli.Tests.Prompt;

public sealed class LineEditorTests
{
    private readonly LineEditor _editor = new();

    [Fact]
    public void A_line_is_edited_at_the_cursor()
    {
        Type("Dtei");
        Press(ConsoleKey.Home);
        Press(ConsoleKey.RightArrow);
        Type("a");
        Assert.Equal(("Datei", 2), (_editor.Text, _editor.Cursor));
        Press(ConsoleKey.End);
        Type("en!");
        Press(ConsoleKey.Backspace);
        Press(ConsoleKey.Home);
        Press(ConsoleKey.Delete);
        Type("d");

        Assert.Equal(("dateien", 1), (_editor.Text, _editor.Cursor));
        Assert.Equal(KeyEffect.Entered, Press(ConsoleKey.Enter));
    }

    [Fact]
    public void Control_keys_do_what_they_do_in_a_shell()
    {
        Type("eins zwei drei");
        Control(ConsoleKey.W);
        Assert.Equal("eins zwei ", _editor.Text);
        Control(ConsoleKey.LeftArrow);
        Assert.Equal(5, _editor.Cursor);
        Control(ConsoleKey.K);
        Assert.Equal("eins ", _editor.Text);
        Control(ConsoleKey.A);
        Control(ConsoleKey.F);
        Control(ConsoleKey.D);
        Assert.Equal("ens ", _editor.Text);
        Control(ConsoleKey.B);
        Control(ConsoleKey.RightArrow);
        Assert.Equal(3, _editor.Cursor);
        Control(ConsoleKey.E);
        Control(ConsoleKey.U);
        Assert.Equal("", _editor.Text);
        Assert.Equal(KeyEffect.Ended, Control(ConsoleKey.D));
        Assert.Equal(KeyEffect.Ended, Control(ConsoleKey.C));
    }

    [Fact]
    public void Earlier_lines_come_back_and_the_unfinished_one_is_kept()
    {
        Enter("first");
        Enter("second");
        Enter("second");
        Enter("");
        _editor.Begin();
        Type("dra");
        Press(ConsoleKey.UpArrow);
        Assert.Equal("second", _editor.Text);
        Press(ConsoleKey.UpArrow);
        Press(ConsoleKey.UpArrow);
        Assert.Equal("first", _editor.Text);
        Press(ConsoleKey.DownArrow);
        Press(ConsoleKey.DownArrow);
        Press(ConsoleKey.DownArrow);

        Assert.Equal(("dra", 3), (_editor.Text, _editor.Cursor));
    }

    [Fact]
    public void The_cursor_treats_a_character_of_several_parts_as_one()
    {
        Type("a\U0001F469\u200D\U0001F469e\u0301");
        Press(ConsoleKey.Backspace);
        Assert.Equal("a\U0001F469\u200D\U0001F469", _editor.Text);
        Press(ConsoleKey.LeftArrow);
        Assert.Equal(1, _editor.Cursor);
        Press(ConsoleKey.LeftArrow);
        Press(ConsoleKey.LeftArrow);
        Press(ConsoleKey.Backspace);
        Assert.Equal(0, _editor.Cursor);
        Press(ConsoleKey.Delete);
        Press(ConsoleKey.Delete);
        Press(ConsoleKey.Delete);

        Assert.Equal("", _editor.Text);
    }

    [Fact]
    public void Keys_that_mean_nothing_change_nothing_and_a_tab_is_a_space()
    {
        Type("a\tb\0\u001b");

        Assert.Equal("a b", _editor.Text);
    }

    private void Enter(string line)
    {
        _editor.Begin();
        Type(line);
        Press(ConsoleKey.Enter);
    }

    private void Type(string text)
    {
        foreach (var character in text)
        {
            _editor.Press(new ConsoleKeyInfo(character, default, shift: false, alt: false, control: false));
        }
    }

    private KeyEffect Press(ConsoleKey key) =>
        _editor.Press(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false));

    private KeyEffect Control(ConsoleKey key) =>
        _editor.Press(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: true));
}
