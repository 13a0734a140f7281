using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

/// <summary><c>clinic compare-outputs</c> as a user calls it.</summary>
[Trait("Speed", "Slow")]
public sealed class CompareOutputsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clinic-compare-outputs").FullName;

    [Fact]
    public void Tables_and_sentences_are_printed_and_the_page_is_one_file()
    {
        var page = Path.Combine(_folder, "page.html");
        var result = Compare("-o", page);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains(
            "3 sentences: b.hyp is better in 1 and worse in 1 by chrF2; 1 are identical.",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Matches("largest gains:\nline 1: chrF2 .* and 100.00, \\+", result.Output);
        Assert.Matches("largest losses:\nline 2: chrF2 100.00 and .*, -", result.Output);
        Assert.Contains("BLEU  nrefs:1|bs:1000|seed:12345|", result.Output, StringComparison.Ordinal);
        var html = File.ReadAllText(page);
        Assert.Contains("a.hyp and b.hyp", html, StringComparison.Ordinal);
        Assert.Contains("the &lt;old&gt; river flows", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_all_numbers()
    {
        using var json = JsonDocument.Parse(
            Compare(
                "--json",
                "--metrics",
                "chrf",
                "--show",
                "0",
                "--significance",
                "randomization",
                "--trials",
                "50"
            ).Output
        );

        Assert.Equal(3, json.RootElement.GetProperty("lines").GetInt32());
        Assert.Equal(
            "chrF2",
            json.RootElement.GetProperty("byLength")[0].GetProperty("scores")[0].GetProperty("metric").GetString()
        );
        Assert.Equal(0, json.RootElement.GetProperty("gains").GetArrayLength());
        Assert.InRange(json.RootElement.GetProperty("secondScores")[0].GetProperty("pValue").GetDouble(), 1.0 / 51, 1);
    }

    [Fact]
    public void What_a_terminal_would_obey_is_shown_on_it_and_on_the_page()
    {
        var page = Path.Combine(_folder, "page.html");
        var hostile = Write("a.hyp", "the \u001B[31mred\u001B[0m\rfox\u009B2J \u202Eruns\n");
        var reference = Write("b.hyp", "the red fox runs\n");
        var result = ClinicProcess.Run(
            "compare-outputs",
            hostile,
            reference,
            "--ref",
            reference,
            "--src",
            hostile,
            "-o",
            page
        );

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains(
            "  source     the ␛[31mred␛[0m␍fox\\u009B2J \\u202Eruns",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(result.Output.ReplaceLineEndings("\n"), c => char.IsControl(c) && c != '\n');
        var html = File.ReadAllText(page);
        Assert.Contains("the ␛[31mred␛[0m␍fox\\u009B2J", html, StringComparison.Ordinal);
        Assert.DoesNotContain(html, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void A_mistake_is_named()
    {
        Assert.Contains("--show is from 0 to 1000", Compare("--show", "-1").Error, StringComparison.Ordinal);
        var unequal = InProcess.Run(
            "compare-outputs",
            Write("a.hyp", "x\n"),
            Write("b.hyp", "x\n"),
            "--ref",
            Write("ref", "x\ny\n"),
            "--src",
            Write("src", "x\n")
        );
        Assert.Equal(2, unequal.ExitCode);
        Assert.Contains("must match line by line", unequal.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ClinicResult Compare(params string[] options) =>
        InProcess.Run([
            "compare-outputs",
            Write("a.hyp", "the <new> river flew\na quiet bird sings\nyes\n"),
            Write("b.hyp", "the <old> river flows\na bird sang\nyes\n"),
            "--ref",
            Write("test.ref", "the <old> river flows\na quiet bird sings\nyes it is\n"),
            "--src",
            Write("test.src", "der alte Fluss\nein Vogel\nja\n"),
            .. options,
        ]);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
