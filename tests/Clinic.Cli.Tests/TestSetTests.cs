using System.Text.Json;

namespace TransformerClinic.Cli.Tests;

/// <summary>What a run leaves of its test set.</summary>
[Trait("Speed", "Slow")]
public sealed class TestSetTests : IDisposable
{
    private readonly TinyRun _tiny = new();

    private string Translations => Path.Combine(_tiny.Run, "translations.tsv");

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Every_line_has_three_columns_a_long_one_is_reported_and_without_a_test_set_there_are_none()
    {
        File.WriteAllText(
            _tiny.PathOf("te.de"),
            $"eins\tzwei .\nzwei .\r\n{string.Concat(Enumerable.Repeat("eins ", 300))}\nvier\u2028vier .\n"
        );
        File.WriteAllText(_tiny.PathOf("te.en"), "one\ttwo\t.\ntwo\r.\none\nfour four .\n");
        string[] command =
        [
            "train",
            _tiny.Recipe,
            "--run",
            _tiny.Run,
            "--set",
            "model.maxPositions=200",
            "--set",
            "data.maxLength=100",
        ];

        var first = InProcess.Run([.. command, "--set", "data.test=te.de,te.en"]);

        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Contains(
            "test: 4 of 4 pairs kept; left untranslated and scored as empty: 1 longer than 200 subwords (first: "
                + "line 3)",
            first.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("test line 3: The line has ", first.Error, StringComparison.Ordinal);
        var rows = File.ReadAllText(Translations).Split('\n')[..^1].Select(line => line.Split('\t')).ToList();
        Assert.Equal([3, 3, 3, 3], rows.Select(row => row.Length));
        Assert.Equal(["eins zwei .", "zwei .", "vier vier ."], new[] { 0, 1, 3 }.Select(i => rows[i][0]));
        Assert.Equal(["one two .", "two .", "one", "four four ."], rows.Select(row => row[1]));
        Assert.Equal("", rows[2][2]);
        using (var data = JsonDocument.Parse(File.ReadAllText(Path.Combine(_tiny.Run, "data.json"))))
        {
            var test = data.RootElement.GetProperty("ledgers")[2];
            Assert.Equal(1, test.GetProperty("untranslated")[0].GetProperty("count").GetInt32());
            Assert.False(test.TryGetProperty("shortened", out _));
        }

        Assert.Contains(
            "longer than 200 subwords: 1",
            File.ReadAllText(Path.Combine(_tiny.Run, "report.html")),
            StringComparison.Ordinal
        );

        var second = InProcess.Run([.. command, "--set", "data.test=", "--set", "training.maxUpdates=15"]);

        Assert.True(second.ExitCode == 0, second.Error);
        using var results = JsonDocument.Parse(File.ReadAllText(Path.Combine(_tiny.Run, "results.json")));
        Assert.Equal(JsonValueKind.Null, results.RootElement.GetProperty("bleu").ValueKind);
        Assert.False(File.Exists(Translations));
    }

    [Fact]
    public void Null_is_no_test_set_and_changed_text_is_named()
    {
        File.WriteAllText(
            _tiny.Recipe,
            File.ReadAllText(_tiny.Recipe).Replace("test: test.tsv", "test: null", StringComparison.Ordinal)
        );
        string[] command = ["train", _tiny.Recipe, "--run", _tiny.Run, "--set", "training.maxUpdates=2"];
        var first = InProcess.Run(command);
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.False(File.Exists(Translations));

        File.Move(_tiny.PathOf("valid.tsv"), _tiny.PathOf("moved.tsv"));
        string[] moved = [.. command, "--set", "data.valid=moved.tsv"];
        Assert.Equal(0, InProcess.Run(moved).ExitCode);

        File.AppendAllText(_tiny.PathOf("train.tsv"), "neun neun neun neun\tnine nine nine nine\n");
        var changed = InProcess.Run(moved);
        Assert.Equal(2, changed.ExitCode);
        Assert.Contains(
            $"the data has changed since this run was begun: data.train ({_tiny.PathOf("train.tsv")})",
            changed.Error,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "test",
            changed
                .Error[changed.Error.IndexOf("the data has changed", StringComparison.Ordinal)..]
                .Replace(_tiny.PathOf(""), "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }
}
