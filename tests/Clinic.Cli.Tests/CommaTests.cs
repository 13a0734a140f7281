using System.Text.Json;

namespace TransformerClinic.Cli.Tests;

/// <summary>A folder whose name contains a comma, and text that is gone after training.</summary>
[Trait("Speed", "Slow")]
public sealed class CommaTests : IDisposable
{
    private readonly TinyRun _tiny = new();

    private string Folder => _tiny.PathOf("Doe, Jane");

    private string Run => Path.Combine(Folder, "run");

    public void Dispose() => _tiny.Dispose();

    private string At(string name) => Path.Combine(Folder, name);

    [Fact]
    public void A_trained_run_can_be_used_when_its_text_is_gone()
    {
        Prepare();
        var trained = InProcess.Run(
            "train",
            Recipe("train: tr.de,tr.en", "valid: [valid.tsv]", $"test: {At("te.de")},{At("te.en")}"),
            "--run",
            Run
        );
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.Contains(
            $"  train: [{JsonSerializer.Serialize(At("tr.de"))}, {JsonSerializer.Serialize(At("tr.en"))}]",
            File.ReadAllLines(Path.Combine(Run, "recipe.yaml"))
        );
        foreach (var pairs in new[] { $"{At("te.de")},{At("te.en")}", $"[\"{Folder}/te.de\", '{Folder}/te.en']" })
        {
            var scored = InProcess.Run("evaluate", "--model", Run, "--pairs", pairs);
            Assert.True(scored.ExitCode == 0, scored.Error);
        }

        File.WriteAllText(_tiny.PathOf("source.de"), "eins zwei .\n");
        foreach (var text in Directory.GetFiles(Folder, "t*.??"))
        {
            File.Delete(text);
        }

        foreach (
            var command in (string[][])
                [
                    ["checkpoints", Run],
                    ["average", Run, "--output", _tiny.PathOf("averaged"), "--last", "2"],
                    ["translate", "--model", Run, "--input", _tiny.PathOf("source.de")],
                    [
                        "translate",
                        "--model",
                        Path.Combine(Run, "checkpoints/update-000012"),
                        "--input",
                        _tiny.PathOf("source.de"),
                    ],
                    ["fold", Run, "-o", _tiny.PathOf("folded"), "--src", _tiny.PathOf("source.de")],
                    ["diagnose", Run, "-o", _tiny.PathOf("diagnosis")], // its validation set exists
                ]
        )
        {
            var result = ClinicProcess.Run(command);
            Assert.True(result.ExitCode == 0, $"{command[0]}: {result.Error}");
        }

        AssertMistake(
            InProcess.Run("fold", Run, "-o", _tiny.PathOf("folded2")),
            $"the test set of this run is not there any more: there is neither a file {At("te.de")} nor "
                + $"{At("te.en")}. Name sentence pairs to compare them on, or source sentences (--test, --src)."
        );
        File.Delete(At("valid.tsv"));
        AssertMistake(
            InProcess.Run("diagnose", Run, "-o", _tiny.PathOf("diagnosis")),
            $"the validation set of its run is no longer there: there is no file {At("valid.tsv")}."
        );
        AssertMistake(
            InProcess.Run("train", At("r.yaml"), "--run", Run),
            $"data.train: there is neither a file {At("tr.de")} nor {At("tr.en")}."
        );
    }

    [Fact]
    public void A_missing_file_is_named_as_it_was_meant()
    {
        Prepare();
        File.Delete(At("tr.en"));
        AssertMistake(
            InProcess.Run("train", Recipe("train: tr.de,tr.en", "valid: valid.tsv"), "--run", Run),
            $"data.train: there is no file {At("tr.en")}."
        );
        AssertMistake(
            InProcess.Run(
                "train",
                Recipe("train: none.tsv", "valid: valid.tsv"),
                "--run",
                Run,
                "--set",
                $"data.train={At("none.tsv")}"
            ),
            $"data.train: there is no file {At("none.tsv")}. A path that holds a comma is written in a list: [\"one, "
                + "two.tsv\"], or [source-file, target-file]."
        );
        AssertMistake(
            InProcess.Run("train", Recipe("train: ['none, none.tsv']", "valid: valid.tsv"), "--run", Run),
            $"data.train: there is no file {At("none, none.tsv")}.\n"
        );
    }

    private void Prepare()
    {
        Directory.CreateDirectory(Folder);
        NumberWords.Write(At("valid.tsv"), 20);
        foreach (var (name, lines) in new[] { ("tr", 100), ("te", 6) })
        {
            var table = At(name);
            NumberWords.Write(table, lines);
            File.WriteAllLines(table + ".de", File.ReadLines(table).Select(line => line.Split('\t')[0]));
            File.WriteAllLines(table + ".en", File.ReadLines(table).Select(line => line.Split('\t')[1]));
        }
    }

    /// <summary>The tiny recipe with these lines for its sets, in the folder with the comma.</summary>
    private string Recipe(params string[] sets)
    {
        var lines = File.ReadAllLines(_tiny.Recipe)
            .Where(line => line.Trim().Split(':')[0] is not ("train" or "valid" or "test"))
            .ToList();
        lines.InsertRange(lines.IndexOf("data:") + 1, sets.Select(set => "  " + set));
        var path = At("r.yaml");
        File.WriteAllLines(path, lines);
        return path;
    }

    private static void AssertMistake(ClinicResult result, string expected)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
