using System.Globalization;
using System.IO.Compression;

namespace TransformerClinic.Cli.Tests.Parts;

/// <summary><c>clinic translate --part</c> as a user calls it.</summary>
[Trait("Speed", "Slow")]
public sealed class PartFilesTests(TrainedTinyRun tiny) : IDisposable
{
    private const string Text =
        "\uFEFFeins zwei drei .\n\nvier .\n\uFEFFneun acht sieben sechs .\r\nnull .\nzwei zwei .\nfünf sechs .";

    private readonly TemporaryFolder _folder = new();

    private string Input => _folder.PathOf("input");

    private string Output => _folder.PathOf("output");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData()]
    [InlineData("--scores", "--align")]
    [InlineData("--nbest", "2")]
    [InlineData("--sample", "--seed", "5")]
    public void Parts_one_after_the_other_are_the_whole(params string[] options)
    {
        _folder.Write("input", Text);
        var whole = _folder.PathOf("whole");
        Succeed([.. Common(whole), .. options]);
        for (var i = 4; i >= 0; i--)
        {
            Succeed(Part(i, 5, options));
        }

        var parts = Directory.GetFiles(_folder.FullName, "output.*-of-5").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(5, parts.Count);
        Assert.Equal(File.ReadAllText(whole), string.Concat(parts.Select(File.ReadAllText)));
        Assert.True(parts.Count(part => new FileInfo(part).Length > 0) > 2);
    }

    [Fact]
    public void A_part_that_is_there_is_left_as_it_is_and_no_model_is_loaded()
    {
        _folder.Write("input", Text);
        Succeed(Part(1, 2));
        File.WriteAllText($"{Output}.1-of-2", "kept\n");

        var again = InProcess.Run(Part(1, 2));

        Assert.Equal(0, again.ExitCode);
        Assert.Contains("output.1-of-2 is there already.", again.Error);
        Assert.Equal("kept\n", File.ReadAllText($"{Output}.1-of-2"));
    }

    [Fact]
    public void A_part_of_which_only_the_record_was_written_is_translated()
    {
        _folder.Write("input", Text);
        Succeed(Part(0, 2));
        var translated = File.ReadAllText($"{Output}.0-of-2");
        File.Delete($"{Output}.0-of-2");

        Succeed(Part(0, 2));

        Assert.Equal(translated, File.ReadAllText($"{Output}.0-of-2"));
    }

    [Theory]
    [InlineData("other options", "--beam", "1")]
    [InlineData("other options", "--require", "one")]
    [InlineData("other options", "--scores")]
    [InlineData("another text")]
    public void A_part_of_another_translation_is_refused(string difference, params string[] options)
    {
        _folder.Write("input", Text);
        Succeed(Part(0, 2));
        var before = File.ReadAllText($"{Output}.0-of-2");
        if (options.Length == 0)
        {
            _folder.Write("input", $"eins .\n{Text}");
        }

        var result = InProcess.Run(Part(0, 2, options));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"this part was begun with {difference} (output.0-of-2.json says", result.Error);
        Assert.Equal(before, File.ReadAllText($"{Output}.0-of-2"));
    }

    [Fact]
    public void Another_model_is_refused_and_what_decides_nothing_is_not()
    {
        _folder.Write("input", Text);
        Succeed(Part(0, 2));
        var checkpoint = Directory.GetDirectories(Path.Combine(tiny.Run, "checkpoints")).Max()!;

        var result = InProcess.Run([.. Part(0, 2), "--model", checkpoint]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("this part was begun with another model", result.Error);
        Succeed(Part(0, 2, "--threads", "1", "--tokens-per-batch", "50", "--read-ahead", "3"));
    }

    [Fact]
    public void Somebody_elses_file_is_refused()
    {
        _folder.Write("input", Text);
        _folder.Write("output.0-of-2", "mine");

        var result = InProcess.Run(Part(0, 2));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("this file is there, and output.0-of-2.json, which would say", result.Error);
        Assert.Equal("mine", File.ReadAllText($"{Output}.0-of-2"));
    }

    [Fact]
    public void What_has_no_parts_is_refused()
    {
        _folder.Write("input", Text);
        using (var file = File.Create(_folder.PathOf("input.gz")))
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
        {
            gzip.Write("eins .\n"u8);
        }

        string[] start = ["translate", "--model", tiny.Run, "--part", "0/2"];
        Refused("--part needs --input and --output", [.. start, "--input", Input]);
        Refused("--part needs --input and --output", [.. start, "--output", Output]);
        Refused("--part does not go with --json", [.. start, "--input", Input, "--output", Output, "--json"]);
        Refused("this file is compressed", [.. start, "--input", $"{Input}.gz", "--output", Output]);
        Refused("there is no such file", [.. start, "--input", $"{Input}.no", "--output", Output]);
        Refused("There is no part 2 of 2", [.. Common(Output), "--part", "2/2"]);
        Refused(
            "--part does not go with a document",
            [.. start, "--document", "srt", "--input", Input, "--output", Output]
        );
        Assert.Empty(Directory.GetFiles(_folder.FullName, "output*"));
    }

    [Fact]
    public void A_line_that_cannot_be_translated_is_named_by_its_number_in_the_part()
    {
        _folder.Write("input", $"eins .\nzwei .\n{string.Concat(Enumerable.Repeat("drei ", 10_000))}\n");

        var result = InProcess.Run(Part(0, 2));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("clinic: line 3 of part 0/2: The line has", result.Error);
    }

    [Fact]
    public void A_part_whose_process_was_killed_is_translated_by_the_same_command()
    {
        const int Lines = 4000;
        _folder.Write("input", string.Concat(Enumerable.Repeat("eins zwei drei vier fünf .\n", Lines)));
        using (var process = ClinicProcess.Start(Part(0, 2)))
        {
            ClinicProcess.WaitUntil(process, () => File.Exists($"{Output}.0-of-2.json"));
            process.Kill();
            process.WaitForExit();
        }

        Assert.False(File.Exists($"{Output}.0-of-2"));
        Succeed(Part(0, 2));
        Assert.Equal(Lines / 2, File.ReadAllLines($"{Output}.0-of-2").Length);
    }

    private static void Refused(string words, string[] arguments)
    {
        var result = InProcess.Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words, result.Error);
    }

    private static void Succeed(string[] arguments)
    {
        var result = InProcess.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    private string[] Common(string output, string input = "input") =>
        ["translate", "--model", tiny.Run, "--input", _folder.PathOf(input), "--output", output];

    private string[] Part(int index, int count, params string[] options) =>
        [.. Common(Output), "--part", string.Create(CultureInfo.InvariantCulture, $"{index}/{count}"), .. options];
}
