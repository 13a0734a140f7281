using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

/// <summary><c>clinic score</c> as a user calls it.</summary>
[Trait("Speed", "Slow")]
public sealed class ScoreCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clinic-score").FullName;

    [Fact]
    public void One_system_and_BLEU_is_one_line()
    {
        var result = ClinicProcess.Run(
            "score",
            "--hyp",
            Text("hyp", "the cat sat down\n"),
            "--ref",
            Text("ref", "the cat sat down\n")
        );

        Assert.Equal(0, result.ExitCode);

        Assert.StartsWith(
            "BLEU 100.00  nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:TransformerClinic-",
            result.Output,
            StringComparison.Ordinal
        );
        Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", result.Error);
    }

    [Fact]
    public void Every_score_has_its_line_and_signature()
    {
        var result = Score(
            "--hyp",
            Text("hyp", "The cat sat, down\n"),
            "--ref",
            Text("ref", "the cat sat , down\n"),
            "--metrics",
            "bleu, chrf,chrf++,tokenized-bleu",
            "--lowercase",
            "--tokenize",
            "none"
        );

        // Tokens 3 of 4, pairs 1 of 3, then half and a quarter of a match of 2 and of 1: exp(1 - 5/4) * (75 * 33.3 * 25
        // * 25)^(1/4).
        Assert.Equal(
            [
                "BLEU 27.53  nrefs:1|case:lc|eff:no|tok:none|smooth:exp",
                "chrF2 100.00  nrefs:1|case:lc|eff:yes|nc:6|nw:0|space:no",
                "chrF2++ 100.00  nrefs:1|case:lc|eff:yes|nc:6|nw:2|space:no",
                "fairseq-tokenized-BLEU 0.00  nrefs:1|case:lc|tok:fairseq-tokenized|plus1:no",
            ],
            Lines(result.Output).Select(line => line.Split("|version:")[0])
        );
    }

    [Fact]
    public void Several_systems_are_a_table()
    {
        var reference = Text("ref", "one two three four\nfive\n");
        var result = Score(
            "--hyp",
            Text("good", "one two three four\nfive\n"),
            "--hyp",
            Text("bad", "six\nseven\n"),
            "--ref",
            reference,
            "--metrics",
            "chrf,bleu"
        );

        Assert.Matches(@"good\S* +│ +100\.00 +│ +100\.00", result.Output);
        Assert.Matches(@"bad\S* +│ +\d+\.\d\d +│ +0\.00", result.Output);
        Assert.Equal(
            ["chrF2  nrefs:1", "BLEU  nrefs:1"],
            Lines(result.Output)[^2..].Select(line => line.Split('|')[0])
        );
    }

    [Fact]
    public void Significance_has_intervals_and_p_of_all_but_the_first()
    {
        var reference = Text("ref", string.Concat(Enumerable.Repeat("one two three four\nfive\n", 4)));
        var bad = Text("bad", string.Concat(Enumerable.Repeat("six\nseven\n", 4)));
        string[] files = ["--hyp", reference, "--hyp", bad, "--ref", reference];
        string[] arguments = [.. files, "--metrics", "ter", "--trials", "100", "--seed", "3"];
        var result = Score([.. arguments, "--significance", "bootstrap"]);

        Assert.Matches(@"ref\S* +│ +0\.00 \(0\.00 ± 0\.00\) +│", result.Output);
        Assert.Matches(@"bad\S* +│ +100\.00 \(100\.00 ± 0\.00\), p = 0\.0099\*", result.Output);
        Assert.Contains("TER (lower is better)", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            "TER  nrefs:1|bs:100|seed:3|case:lc|tok:tercom|norm:no|punct:yes|asian:no|version:",
            result.Output,
            StringComparison.Ordinal
        );
        using var json = JsonDocument.Parse(Score([.. arguments, "--significance", "randomization", "--json"]).Output);
        Assert.Equal(
            JsonValueKind.Null,
            json.RootElement.GetProperty("systems")[0].GetProperty("scores")[0].GetProperty("pValue").ValueKind
        );
        Assert.InRange(
            json.RootElement.GetProperty("systems")[1].GetProperty("scores")[0].GetProperty("pValue").GetDouble(),
            1.0 / 101,
            1
        );
    }

    [Theory]
    [InlineData("bootstrap")]
    [InlineData("randomization")]
    public void Two_lines_are_not_evidence(string test)
    {
        var reference = Text("ref", "one two three four\nfive\n");
        string[] files = ["--hyp", Text("bad", "six\nseven\n"), "--hyp", reference, "--ref", reference];
        var result = Score([.. files, "--metrics", "ter,chrf", "--significance", test]);

        Assert.Matches(@"ref\S* .*, p = 0\.5000 .*, p = 0\.5000 ", result.Output);
        Assert.DoesNotContain("*", result.Output.Split("p: how often")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void References_may_be_several_and_in_any_order()
    {
        var (hyp, first, second) = (
            Text("hyp", "a b c d\ne f g h\n"),
            Text("first", "a b c d\nx\n"),
            Text("second", "y\ne f g h\n")
        );
        var result = Score("--hyp", hyp, "--ref", first, "--ref", second, "--metrics", "chrf,bleu");

        Assert.Contains("chrF2 100.00  nrefs:2|", result.Output, StringComparison.Ordinal);
        Assert.Contains("BLEU 100.00  nrefs:2|", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            result.Output,
            Score("--hyp", hyp, "--ref", second, "--ref", first, "--metrics", "chrf,bleu").Output
        );
    }

    [Fact]
    public void Scores_of_lines_are_columns_and_signatures_go_elsewhere()
    {
        // The last line has no end; one line is only a carriage return and U+2028, and one is empty.
        var result = Score(
            "--hyp",
            Text("hyp", "a b\n\n\r\u2028\nc"),
            "--ref",
            Text("ref", "a b\nx\ny\nc"),
            "--metrics",
            "bleu,chrf",
            "--sentence"
        );

        Assert.Equal(
            [
                "system\tline\tBLEU\tchrF2",
                "hyp\t1\t100.00\t100.00",
                "hyp\t2\t0.00\t0.00",
                "hyp\t3\t0.00\t0.00",
                "hyp\t4\t100.00\t100.00",
            ],
            Lines(result.Output)
                .Select(line => line.Replace(_folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal))
        );
        Assert.Contains("eff:yes|tok:13a", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_every_score_with_its_signature()
    {
        var (hyp, reference) = (Text("hyp", "a b c d\n"), Text("ref", "a b c d\n"));
        using var one = JsonDocument.Parse(Score("--hyp", hyp, "--ref", reference, "--json").Output);
        using var several = JsonDocument.Parse(
            Score("--hyp", hyp, "--hyp", reference, "--ref", reference, "--metrics", "bleu,chrf++", "--json").Output
        );
        using var lines = JsonDocument.Parse(
            Score("--hyp", hyp, "--ref", reference, "--metrics", "tokenized-bleu", "--sentence", "--json").Output
        );

        Assert.Equal(100, one.RootElement.GetProperty("bleu").GetDouble(), 1e-9);
        Assert.Equal(2, several.RootElement.GetProperty("systems").GetArrayLength());
        var score = several.RootElement.GetProperty("systems")[1].GetProperty("scores")[1];
        Assert.Equal(
            ("chrF2++", 100),
            (score.GetProperty("metric").GetString(), score.GetProperty("score").GetDouble())
        );
        Assert.Contains("|nw:2|", score.GetProperty("signature").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            100,
            lines
                .RootElement.GetProperty("sentences")[0]
                .GetProperty("scores")
                .GetProperty("fairseq-tokenized-BLEU")
                .GetDouble(),
            1e-9
        );
        Assert.Contains(
            "plus1:yes",
            lines.RootElement.GetProperty("signatures").GetProperty("fairseq-tokenized-BLEU").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--significance", "randomization", "randomisation")]
    [InlineData("--metrics", "tokenized-bleu", "tokenised-bleu")]
    public void The_british_spelling_of_a_name_means_the_same(string option, string american, string british)
    {
        var reference = Text("ref", "one two three four\nfive\n");
        string[] files = ["--hyp", reference, "--hyp", Text("bad", "six\nseven\n"), "--ref", reference];
        var expected = Score([.. files, option, american]);

        Assert.NotEmpty(expected.Output);
        Assert.Equal(expected.Output, Score([.. files, option, british]).Output);
    }

    [Theory]
    [InlineData("--metrics", "tokenized-bleu,tokenised-bleu", "The score 'tokenized-bleu' was requested twice.")]
    [InlineData(
        "--metrics",
        "bleu,chfr",
        "There is no score 'chfr'. The scores are bleu, chrf, chrf++, ter, tokenized-bleu. Did you mean chrf?"
    )]
    [InlineData("--metrics", "bleu,comet", "There is no score 'comet'. The scores are bleu, chrf")]
    [InlineData("--metrics", "bleu,bleu", "requested twice")]
    [InlineData("--metrics", ",", "No score was requested")]
    [InlineData("--tokenize", "zh", "The tokenization 'zh' is not built in")]
    [InlineData("--tokenize", "ja-mecab", "The tokenization 'ja-mecab' is not built in")]
    [InlineData("--significance", "magic", "There is no test 'magic'. The tests are bootstrap and randomization.")]
    [InlineData("--significance", "randomization", "at least two are needed")]
    [InlineData("--trials", "0", "--trials is from 1 to 1000000, not 0")]
    [InlineData("--trials", "5", "add --significance")]
    [InlineData("--tokenize", "13b", "There is no tokenization '13b'. Built in are 13a, intl, char, none.")]
    public void A_mistake_is_named(string option, string value, string message)
    {
        var file = Text("file", "a\n");
        AssertMistake(InProcess.Run("score", "--hyp", file, "--ref", file, option, value), message);
    }

    [Fact]
    public void A_name_in_a_message_does_not_move_the_cursor()
    {
        AssertMistake(
            InProcess.Run("score", "--hyp", "no\u001B[2Jfile", "--ref", "b"),
            "clinic: no␛[2Jfile: there is no such file."
        );
        AssertMistake(ClinicProcess.Run("score\u001B[2J"), "clinic: There is no verb 'score␛[2J'.");
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_named()
    {
        var (two, one, none) = (Text("two", "a\nb\n"), Text("one", "a\n"), Text("none", ""));

        AssertMistake(
            InProcess.Run("score", "--hyp", two, "--hyp", one, "--ref", two),
            $"{one} has 1 lines and {two} has 2"
        );
        AssertMistake(
            InProcess.Run("score", "--hyp", two, "--ref", two, "--ref", one),
            $"{two} has 2 lines and {one} has 1"
        );
        AssertMistake(InProcess.Run("score", "--hyp", none, "--ref", none), "is empty");
        AssertMistake(
            InProcess.Run("score", "--hyp", two, "--ref", two, "--ref", two, "--metrics", "tokenized-bleu"),
            "takes one reference, but there are 2"
        );
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ClinicResult Score(params string[] arguments)
    {
        var result = InProcess.Run(["score", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result;
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void AssertMistake(ClinicResult result, string message)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    private string Text(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
