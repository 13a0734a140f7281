using System.Globalization;
using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

/// <summary><c>clinic translate</c> as a user calls it.</summary>
[Trait("Speed", "Slow")]
public sealed class TranslateCommandTests(TrainedTinyRun tiny)
{
    private const string Text = "eins zwei drei .\n\nvier .\nneun acht sieben sechs .\nnull .\nzwei zwei .\n";

    [Fact]
    public void Columns_come_and_go_with_the_options()
    {
        var plain = Lines(Translate(Text));
        var whole = Lines(Translate(Text, "--nbest", "2", "--scores", "--align"))
            .Select(line => line.Split('\t'))
            .ToList();

        // Two for each line except the empty one, which has one row of empty cells.
        Assert.Equal(
            ["1 1", "1 2", "2 1", "3 1", "3 2", "4 1", "4 2", "5 1", "5 2", "6 1", "6 2"],
            whole.Select(row => $"{row[0]} {row[1]}")
        );
        Assert.Equal(plain, whole.Where(row => row[1] == "1").Select(row => row[2]));
        Assert.Equal(["2", "1", "", "", "", ""], whole[2]);
        foreach (var row in whole.Where(row => row[0] != "2"))
        {
            var tokens = row[4].Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(tokens.Average(), double.Parse(row[3], CultureInfo.InvariantCulture), 2e-4);
            Assert.Equal(
                row[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length,
                row[5].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length
            );
        }

        Assert.Equal(
            whole.Where(row => row[1] == "1").Select(row => $"{row[2]}\t{row[5]}"),
            Lines(Translate(Text, "--align"))
        );
    }

    [Fact]
    public void Json_is_one_array_with_the_requested_fields()
    {
        using var plain = JsonDocument.Parse(Translate(Text, "--json"));
        using var whole = JsonDocument.Parse(Translate(Text, "--json", "--nbest", "2", "--scores", "--align"));

        Assert.Equal(
            ["source", "translation", "score", "problem"],
            plain.RootElement[0].EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal(6, whole.RootElement.GetArrayLength());
        var alternative = whole.RootElement[0].GetProperty("alternatives")[1];
        var subwords = alternative.GetProperty("subwords").EnumerateArray().ToList();
        Assert.Equal("</s>", subwords[^1].GetProperty("text").GetString());
        Assert.Equal(
            alternative.GetProperty("score").GetDouble(),
            subwords.Average(subword => subword.GetProperty("logProbability").GetDouble()),
            1e-5
        );
        Assert.Equal(subwords.Count, alternative.GetProperty("attention").GetArrayLength());
        Assert.Equal("[]\n", Translate("", "--json"));
    }

    [Theory]
    [InlineData()]
    [InlineData("--nbest", "2", "--align")]
    [InlineData("--sample", "--seed", "5", "--nbest", "3")]
    [InlineData("--sample", "--top-k", "7", "--top-p", "0.8", "--temperature", "1.5")]
    [InlineData("--beam", "4", "--diverse-groups", "2", "--nbest", "4")]
    [InlineData("--require", "one", "--ban", "two", "--align")]
    public void Neither_batches_nor_workers_nor_what_is_read_ahead_change_the_output(params string[] options)
    {
        var text = string.Concat(Enumerable.Repeat(Text, 4));
        var alone = Translate(text, [.. options, "--threads", "1", "--tokens-per-batch", "1", "--read-ahead", "1"]);

        Assert.Equal(
            alone,
            Translate(text, [.. options, "--threads", "3", "--tokens-per-batch", "40", "--read-ahead", "5"])
        );
        Assert.Equal(alone, Translate(text, [.. options, "--threads", "2"]));
    }

    [Fact]
    public void Equal_lines_are_drawn_differently_and_equal_seeds_give_equal_draws()
    {
        var text = string.Concat(Enumerable.Repeat("eins zwei drei .\n", 8));
        var drawn = Translate(text, "--sample");

        Assert.Equal(drawn, Translate(text, "--sample", "--seed", "1"));
        Assert.NotEqual(drawn, Translate(text, "--sample", "--seed", "2"));
        Assert.True(Lines(drawn).Distinct().Count() > 4);
    }

    [Fact]
    public void A_line_is_translated_before_the_next_one_arrives()
    {
        using var process = ClinicProcess.Start("translate", "--model", tiny.Run);
        var expected = Lines(Translate(Text));
        foreach (var (i, line) in Lines(Text).Index())
        {
            process.StandardInput.Write(line + "\n");
            process.StandardInput.Flush();
            Assert.Equal(expected[i], process.StandardOutput.ReadLine());
        }

        process.StandardInput.Close();
        Assert.Equal(0, ClinicProcess.Finish(process).ExitCode);
    }

    [Fact]
    public void A_line_that_is_too_long_is_reported_and_the_others_are_translated()
    {
        var expected = Lines(Translate("eins .\nzwei .\n"));
        var result = ClinicProcess.Run(
            $"eins .\n{string.Concat(Enumerable.Repeat("drei ", 10_000))}\nzwei .\n",
            ["translate", "--model", tiny.Run]
        );

        Assert.Equal(0, result.ExitCode);
        Assert.Equal([expected[0], "", expected[1]], Lines(result.Output));
        Assert.Matches(
            @"clinic: line 2: The line has \d+ subwords with its end mark, but the model reads at most 1024\. "
                + @"Split it into sentences\.",
            result.Error
        );
    }

    [Fact]
    public void Lines_before_one_that_is_not_text_are_translated()
    {
        using var process = ClinicProcess.Start("translate", "--model", tiny.Run);
        process.StandardInput.BaseStream.Write([.. "eins .\n"u8, 0xFF, (byte)'\n']);
        process.StandardInput.Close();
        var result = ClinicProcess.Finish(process);

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(Translate("eins .\n"), result.Output);
        Assert.Contains(
            "standard input, line 2: byte 1 of the line is not UTF-8",
            result.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_line_may_have_its_own_requirements()
    {
        var lines = Lines(
            Translate(
                "eins .\tfive\neins .\t\tseven|two three\neins .\n",
                "--columns",
                "source,prefix,required",
                "--max-length-b",
                "200"
            )
        );

        Assert.StartsWith("five", lines[0], StringComparison.Ordinal);
        Assert.Matches(@"(^| )seven( |$)", lines[1]);
        Assert.Contains("two three", lines[1], StringComparison.Ordinal);
        Assert.Equal(Lines(Translate("eins .\n", "--max-length-b", "200"))[0], lines[2]);
    }

    [Fact]
    public void Checkpoints_translate_together_and_unrelated_models_do_not()
    {
        var checkpoints = Directory
            .GetDirectories(Path.Combine(tiny.Run, "checkpoints"), "update-*")
            .Order(StringComparer.Ordinal)
            .ToList();
        string[] together = ["--model", checkpoints[0], "--model", checkpoints[^1]];
        var result = InProcess.Translate(Text, [.. together, "--scores"]);
        using var other = new TinyRun();
        Assert.Equal(
            0,
            InProcess
                .Run(
                    "train",
                    other.Recipe,
                    "--run",
                    other.Run,
                    "--set",
                    "subwords.merges=40",
                    "--set",
                    "training.maxUpdates=1"
                )
                .ExitCode
        );

        Assert.NotEqual(InProcess.Translate(Text, "--model", checkpoints[0], "--scores"), result);
        AssertMistake("have different subwords", "--model", tiny.Run, "--model", other.Run);
    }

    [Theory]
    [InlineData("--beam is from 1 to 1000, not 0.", "--beam", "0")]
    [InlineData("--length-penalty is from 0 to 10, not NaN.", "--length-penalty", "NaN")]
    [InlineData("--device is one of cpu, cuda, not 'gpu'.", "--device", "gpu")]
    [InlineData("add --beam 9", "--nbest", "9")]
    [InlineData("choose one", "--sample", "--diverse-groups", "2")]
    [InlineData("belong to --sample", "--top-p", "0.5")]
    [InlineData("belongs to --diverse-groups", "--diverse-strength", "1")]
    [InlineData("a multiple of the groups", "--beam", "5", "--diverse-groups", "2")]
    [InlineData("--read-ahead is from 1 to ", "--read-ahead", "0")]
    [InlineData("there is no column 'target'", "--columns", "source,target")]
    [InlineData("source must be one of them", "--columns", "prefix")]
    [InlineData("need beam search", "--sample", "--require", "one")]
    public void A_mistake_is_named(string message, params string[] options) =>
        AssertMistake(message, ["--model", tiny.Run, .. options]);

    private static void AssertMistake(string message, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("input", "eins .\n");
        var result = InProcess.Run(["translate", "--input", input, .. arguments]);
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    private static string[] Lines(string text) => text.Split('\n')[..^1];

    private string Translate(string text, params string[] options) =>
        InProcess.Translate(text, ["--model", tiny.Run, .. options]);
}
