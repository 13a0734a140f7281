namespace TransformerClinic.Cli.Tests.Documents;

/// <summary><c>clinic translate</c> with documents.</summary>
[Trait("Speed", "Slow")]
public sealed class DocumentTranslationTests(TrainedTinyRun tiny)
{
    private const string Film =
        "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>eins zwei .</i>\r\n\r\n"
        + "2\r\n00:00:03,000 --> 00:00:04,000\r\nvier .\r\n";

    [Fact]
    public void Subtitles_keep_everything_but_their_words()
    {
        using var folder = new TemporaryFolder();
        var output = folder.PathOf("film.en.srt");
        var result = Run("--input", folder.Write("film.srt", Film), "--output", output);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal("", result.Output);
        var lines = InProcess.Translate("eins zwei .\nvier .\n", "--model", tiny.Run).Split('\n');
        Assert.Equal(
            Film.Replace("eins zwei .", lines[0], StringComparison.Ordinal)
                .Replace("vier .", lines[1], StringComparison.Ordinal),
            File.ReadAllText(output)
        );
    }

    [Fact]
    public void Text_is_lines_unless_a_format_is_named()
    {
        using var folder = new TemporaryFolder();
        const string text = "eins zwei .\n\n  vier .\n";
        var (input, page, output) = (folder.Write("a.txt", text), folder.Write("a.md", text), folder.PathOf("out"));
        var lines = InProcess.Translate(text, "--model", tiny.Run);

        Assert.Equal(0, Run("--input", input, "--output", output).ExitCode);
        Assert.Equal(lines, File.ReadAllText(output));
        Assert.Equal(0, Run("--input", page, "--document", "lines", "--output", output).ExitCode);
        Assert.Equal(lines, File.ReadAllText(output));
        Assert.Equal(0, Run("--input", input, "--document", "text", "--output", output).ExitCode);
        var whole = File.ReadAllText(output);
        Assert.Equal(4, whole.Split('\n').Length);
        Assert.StartsWith("  ", whole.Split('\n')[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_models_language_is_that_of_the_targets()
    {
        using var folder = new TemporaryFolder();
        var output = folder.PathOf("out.xlf");
        var input = folder.Write(
            "in.xlf",
            "<xliff version=\"2.0\" srcLang=\"de\"><file id=\"f\"><unit id=\"u\"><segment><source>eins</source>"
                + "</segment></unit></file></xliff>"
        );

        Assert.Equal(0, Run("--input", input, "--output", output).ExitCode);
        Assert.Contains("srcLang=\"de\" trgLang=\"en\">", File.ReadAllText(output), StringComparison.Ordinal);
        Assert.Contains("<segment state=\"translated\">", File.ReadAllText(output), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_comes_and_goes_through_pipes()
    {
        const string page = "<p>eins <b>zwei</b> .</p><pre>drei</pre>\n";
        var result = ClinicProcess.Run(page, ["translate", "--model", tiny.Run, "--document", "html"]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.StartsWith("<p>", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("</p><pre>drei</pre>\n", result.Output, StringComparison.Ordinal);
        Assert.NotEqual(page, result.Output);
    }

    [Theory]
    [InlineData("--nbest does not go with a document (SubRip subtitles).", "film.srt", "--nbest", "2")]
    [InlineData("--scores does not go with a document", "film.srt", "--scores")]
    [InlineData("--align does not go with a document", "film.srt", "--align")]
    [InlineData("--json does not go with a document", "film.srt", "--json")]
    [InlineData("--prefix does not go with a document", "film.srt", "--prefix", "a")]
    [InlineData("--columns does not go with a document", "film.srt", "--columns", "source")]
    [InlineData("translate line by line with --document lines", "film.srt", "--read-ahead", "5")]
    [InlineData("--each-line belongs to documents", "film.txt", "--each-line")]
    [InlineData("--set-language belongs to documents", "film.srt", "--document", "lines", "--set-language")]
    [InlineData("not 'docs'. Did you mean docx?", "film.srt", "--document", "docs")]
    [InlineData("it is not a ZIP archive", "film.docx")]
    [InlineData("must begin with WEBVTT", "film.vtt")]
    public void A_mistake_is_named_and_nothing_is_written(string message, string name, params string[] options)
    {
        using var folder = new TemporaryFolder();
        var output = folder.PathOf("out");
        var result = Run(["--input", folder.Write(name, Film), "--output", output, .. options]);

        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal([name], Directory.GetFiles(folder.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public void The_input_is_never_replaced()
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("film.srt", Film);
        var link = folder.PathOf("link.srt");
        File.CreateSymbolicLink(link, input);

        foreach (var output in new[] { input, link })
        {
            var result = Run("--input", input, "--output", output);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains("this is the input, which is never replaced", result.Error, StringComparison.Ordinal);
        }

        Assert.Equal(Film, File.ReadAllText(input));
    }

    [Fact]
    public void A_stop_leaves_no_output()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Signals cannot be sent to another process on Windows.");
        }

        using var folder = new TemporaryFolder();
        var text = string.Concat(Enumerable.Repeat("eins zwei drei vier fünf sechs .\n", 200_000));
        var input = NamedPipe.Make(folder.PathOf("long.txt"));
        using var process = ClinicProcess.Start(
            "translate",
            "--model",
            tiny.Run,
            "--document",
            "text",
            "--input",
            input,
            "--output",
            folder.PathOf("out.txt")
        );
        // The pipe has been read: it is at work, and for many seconds.
        File.WriteAllText(input, text);
        ClinicProcess.Signal(process, "TERM");
        var result = ClinicProcess.Finish(process);

        Assert.True(result.ExitCode == 130, result.Error);
        Assert.Equal(["long.txt"], Directory.GetFiles(folder.FullName).Select(Path.GetFileName));
    }

    private ClinicResult Run(params string[] arguments) =>
        InProcess.Run(["translate", "--model", tiny.Run, .. arguments]);
}
