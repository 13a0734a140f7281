using Spectre.Console;
using TransformerClinic.Cli.Output;

namespace TransformerClinic.Cli.Tests.Output;

public class SpectreConsoleTests
{
    private const string Hostile = "\u001B[31m[red]\r\u009B2J\u202E";

    [Fact]
    public void Text_that_is_not_ours_is_shown_in_lines_and_tables_and_not_obeyed()
    {
        using var output = new StringWriter();
        var console = SpectreConsole.Create(output, redirected: true);
        new SpectreConsole(console).Say($"{Hostile}: no such file");
        console.Write(new Table().AddColumn("file").AddRow(SpectreConsole.Cell(Hostile)));

        Assert.Equal(3, output.ToString().Split("␛[31m[red]␍\\u009B2J\\u202E").Length);
        Assert.DoesNotContain(output.ToString(), c => char.IsControl(c) && c != '\n' && c != '\r');
    }

    [Fact]
    public void A_table_that_forgets_to_show_it_does_not_send_it_either()
    {
        using var output = new StringWriter();
        SpectreConsole.Create(output, redirected: true).WriteLine("a\u001B[31mb");

        Assert.Equal("a␛[31mb\n", output.ToString().ReplaceLineEndings("\n"));
    }
}
