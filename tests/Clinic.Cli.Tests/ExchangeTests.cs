using System.Xml.Linq;

namespace TransformerClinic.Cli.Tests;

/// <summary>Translators' files as a user trains on them, measures with them and writes them.</summary>
[Trait("Speed", "Slow")]
public sealed class ExchangeTests(TrainedTinyRun tiny) : IDisposable
{
    private static readonly XName Language = XNamespace.Xml + "lang";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_trained_on_a_memory_and_says_what_it_could_not_use()
    {
        using var own = new TinyRun();
        Memory(own.PathOf("train.tmx"), own.PathOf("train.tsv"));
        Memory(own.PathOf("valid.tmx"), own.PathOf("valid.tsv"));
        var trained = ClinicProcess.Run([
            "train",
            own.Recipe,
            "--run",
            own.Run,
            .. Set("train=train.tmx"),
            .. Set("valid=valid.tmx"),
        ]);

        Assert.True(trained.ExitCode == 0, trained.Error);
        const string Account =
            "train: 400 of 402 pairs kept, de to en; dropped: 2 without a text in en (first: line 3, 4); changed when "
            + "read: 400 without inline tags, 400 in all (first: line 5, 6, 7, 8, 9)";
        Assert.Contains(Account, trained.Output + trained.Error, StringComparison.Ordinal);
        var record = File.ReadAllText(Path.Combine(own.Run, "data.json"));
        Assert.Contains("\"changed\"", record, StringComparison.Ordinal);
        Assert.Contains(
            "changed when read",
            File.ReadAllText(Path.Combine(own.Run, "report.html")),
            StringComparison.Ordinal
        );

        Run("diagnose", own.Run, "-o", own.PathOf("diagnosis")); // on its validation set

        var refused = ClinicProcess.Run([
            "train",
            own.Recipe,
            "--run",
            own.PathOf("other"),
            .. Set("train=train.tmx"),
            .. Set("targetLanguage=fr"),
        ]);
        AssertMistake(
            refused,
            $"clinic: {own.PathOf("train.tmx")}: no unit can be used as a pair of de and fr. train.tmx: 0 of 402 pairs "
                + "kept; dropped: 402 without a text in fr (first: line 3, 4, 5, 6, 7). Languages here: de (402 "
                + "texts), en-US (400 texts). Name the two languages: data.sourceLanguage, data.targetLanguage."
        );
    }

    [Fact]
    public void A_memory_is_scored_as_its_text_is_and_the_account_is_on_standard_error()
    {
        var memory = Memory(_folder.PathOf("test.tmx"), tiny.PathOf("test.tsv"));
        var fromTable = Run("score-pairs", "--model", tiny.Run, "--pairs", tiny.PathOf("test.tsv"));
        var fromMemory = Run("score-pairs", "--model", tiny.Run, "--pairs", memory);

        Assert.Equal(fromTable.Output, fromMemory.Output);
        Assert.DoesNotContain("pairs kept", fromTable.Error, StringComparison.Ordinal);
        Assert.StartsWith(
            "clinic: test.tmx: 10 of 12 pairs kept, de to en; dropped: 2 without a text in en (first: line 3, 4)",
            fromMemory.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(
            Run("evaluate", "--model", tiny.Run, "--pairs", tiny.PathOf("test.tsv")).Output,
            Run("evaluate", "--model", tiny.Run, "--pairs", memory).Output
        );
    }

    [Fact]
    public void Languages_can_be_named_and_a_missing_one_is_a_mistake()
    {
        var memory = Memory(_folder.PathOf("test.tmx"), tiny.PathOf("test.tsv"));
        var reversed = Run([
            "evaluate",
            "--model",
            tiny.Run,
            "--pairs",
            memory,
            "--source-language",
            "en",
            "--target-language",
            "de",
        ]);
        Assert.Contains("10 of 12 pairs kept, en to de", reversed.Error, StringComparison.Ordinal);
        AssertMistake(
            ClinicProcess.Run("evaluate", "--model", tiny.Run, "--pairs", memory, "--target-language", "fr"),
            $"clinic: {memory}: no unit can be used as a pair of de and fr. test.tmx: 0 of 12 pairs kept; dropped: 12 "
                + "without a text in fr (first: line 3, 4, 5, 6, 7). Languages here: de (12 texts), en-US (10 texts). "
                + "Name the two languages: --source-language, --target-language."
        );
        AssertMistake(
            ClinicProcess.Run([
                "evaluate",
                "--model",
                tiny.Run,
                "--pairs",
                _folder.Write("cut.tmx", "<tmx>\n<body><tu>"),
            ]),
            $"clinic: {_folder.PathOf("cut.tmx")}, line 2: the XML is damaged (Unexpected end of file has occurred. "
                + "The following elements are not closed: tu, body, tmx)."
        );
    }

    [Fact]
    public void A_folded_model_is_compared_on_a_memory()
    {
        var memory = Memory(_folder.PathOf("test.tmx"), tiny.PathOf("test.tsv"));
        var folded = Run("fold", tiny.Run, "-o", _folder.PathOf("folded"), "--test", memory);
        Assert.Contains("test.tmx: 10 of 12 pairs kept, de to en", folded.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--best", "0.35", 4)]
    [InlineData("--best", "1", 10)]
    public void The_better_pairs_are_written_as_a_memory_that_is_read_again(string option, string value, int kept)
    {
        var written = _folder.PathOf("best.tmx");
        var scored = Run([
            "score-pairs",
            "--model",
            tiny.Run,
            "--pairs",
            tiny.PathOf("test.tsv"),
            "--tmx",
            written,
            option,
            value,
        ]);

        Assert.Contains(
            $"{written}: {kept} of 10 pairs written, with scores from",
            scored.Error,
            StringComparison.Ordinal
        );
        var scores = scored.Output.Split('\n')[..^1].Select(line => line.Split('\t')[0]).ToList();
        var best = scores.OrderByDescending(double.Parse).Take(kept).Order().ToList();
        var root = XDocument.Load(written).Root!;
        Assert.Equal("de", root.Element("header")!.Attribute("srclang")!.Value);
        var units = root.Descendants("tu").ToList();
        Assert.Equal(best, units.Select(unit => unit.Element("prop")!.Value).Order());
        Assert.Equal(
            File.ReadLines(tiny.PathOf("test.tsv"))
                .Zip(scores)
                .Where(line => best.Contains(line.Second))
                .Select(line => line.First),
            units.Select(unit => string.Join('\t', unit.Elements("tuv").Select(variant => variant.Value)))
        );
        Assert.All(
            units,
            unit => Assert.Equal(["de", "en"], unit.Elements("tuv").Select(v => v.Attribute(Language)!.Value))
        );

        var again = Run("score-pairs", "--model", tiny.Run, "--pairs", written);
        Assert.Equal(kept, again.Output.Split('\n').Length - 1);

        var byScore = _folder.PathOf("least.tmx");
        Run(["score-pairs", "--model", tiny.Run, "--pairs", written, "--tmx", byScore, "--min-score", "-1000"]);
        Assert.Equal(File.ReadAllText(written), File.ReadAllText(byScore));
        var middle = scores.OrderByDescending(double.Parse).ElementAt(1);
        Run(["score-pairs", "--model", tiny.Run, "--pairs", written, "--tmx", byScore, "--min-score", middle]);
        Assert.InRange(XDocument.Load(byScore).Root!.Descendants("tu").Count(), 1, 3);
    }

    [Fact]
    public void What_cannot_be_written_is_said_before_the_work_and_nothing_is_written()
    {
        string[] score = ["score-pairs", "--model", tiny.Run, "--pairs", tiny.PathOf("test.tsv")];
        var file = _folder.Write("out.tmx", "old");
        AssertMistake(
            ClinicProcess.Run([.. score, "--best", "0.5"]),
            "clinic: --min-score and --best say which pairs go into a translation memory: name it with --tmx."
        );
        AssertMistake(ClinicProcess.Run([.. score, "--tmx", file, "--best", "1.5"]), "--best is from 0 to 1, not 1.5.");
        AssertMistake(
            ClinicProcess.Run([.. score, "--tmx", file, "--source-language", "src"]),
            "clinic: --tmx: a translation memory names its languages by tags such as de and en-US, and the languages "
                + "of the pairs are not known. Name them: --source-language, --target-language."
        );
        AssertMistake(
            ClinicProcess.Run([.. score, "--tmx", file, "--source-language", "German (Swiss)"]),
            "and 'German (Swiss)' and 'en' are not both tags of languages."
        );
        AssertMistake(
            ClinicProcess.Run([.. score, "--tmx", file, "--min-score", "5"]),
            "No pair is kept: the best score is"
        );
        AssertMistake(ClinicProcess.Run([.. score, "--tmx", _folder.PathOf("none/out.tmx")]), "there is no folder");
        Assert.Equal(["out.tmx"], Directory.GetFiles(_folder.FullName).Select(Path.GetFileName));
        Assert.Equal("old", File.ReadAllText(file));
    }

    /// <summary>Writes a table as a memory with a region, inline tags, and two units of one language.</summary>
    private static string Memory(string path, string table)
    {
        string Variant(string language, string text) => $"<tuv xml:lang=\"{language}\"><seg>{text}</seg></tuv>";
        File.WriteAllLines(
            path,
            [
                "<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">",
                "<tmx version=\"1.4\"><header srclang=\"de\"/><body>",
                $"<tu>{Variant("de", "eins")}</tu>",
                $"<tu>{Variant("de", "zwei")}</tu>",
                .. File.ReadLines(table)
                    .Select(line => line.Split('\t'))
                    .Select(pair => $"<tu>{Variant("de", pair[0] + "<ph/>")}{Variant("en-US", pair[1])}</tu>"),
                "</body></tmx>",
            ]
        );
        return path;
    }

    private static string[] Set(string setting) => ["--set", $"data.{setting}"];

    private static ClinicResult Run(params string[] arguments)
    {
        var result = ClinicProcess.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        return result;
    }

    private static void AssertMistake(ClinicResult result, string expected)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
