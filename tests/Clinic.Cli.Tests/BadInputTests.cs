namespace TransformerClinic.Cli.Tests;

[Trait("Speed", "Slow")]
public class BadInputTests
{
    public static TheoryData<string, string> Overrides =>
        new()
        {
            { "training.maxUpdate=5", "Did you mean training.maxUpdates" },
            { "training.maxUpdates=soon", "whole number" },
            { "model.dim=-4", "from 2" },
            { "model.encoder.variant=admim", "Did you mean admin" },
            { "model.heads=3", "heads must divide" },
            { "model=5", "section" },
            { "nonsense", "key=value" },
        };

    [Theory]
    [MemberData(nameof(Overrides))]
    public void A_wrong_override_is_named(string setting, string expected)
    {
        using var tiny = new TinyRun();
        var result = InProcess.Run("train", tiny.Recipe, "--run", tiny.Run, "--set", setting);
        AssertMistake(result, expected);
        Assert.Contains(
            setting == "model.heads=3" ? tiny.Recipe : $"--set {setting}: ",
            result.Error,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(tiny.Run));
    }

    [Fact]
    public void Missing_recipes_data_models_and_options_are_named()
    {
        using var tiny = new TinyRun();
        AssertMistake(InProcess.Run("train", tiny.PathOf("no.yaml")), "no such file");
        AssertMistake(InProcess.Run("translate", "--model", tiny.PathOf("nothing")), "there is no model here");
        AssertMistake(
            InProcess.Run("average", tiny.PathOf("nothing"), "--output", tiny.PathOf("x")),
            "not a run folder"
        );
        AssertMistake(
            InProcess.Run("score", "--hyp", tiny.PathOf("no.txt"), "--ref", tiny.PathOf("no.txt")),
            "no such file"
        );
        AssertMistake(InProcess.Run("train"), "missing");
        AssertMistake(InProcess.Run("trian"), "trian");
        File.Delete(tiny.PathOf("train.tsv"));
        AssertMistake(InProcess.Run("train", tiny.Recipe, "--run", tiny.Run), "data.train");
    }

    [Fact]
    public void Damaged_text_is_named_with_its_line()
    {
        using var tiny = new TinyRun();
        File.WriteAllText(tiny.PathOf("train.tsv"), "");
        AssertMistake(InProcess.Run("train", tiny.Recipe, "--run", tiny.Run), "empty");
        File.WriteAllBytes(
            tiny.PathOf("train.tsv"),
            [(byte)'a', (byte)'\t', (byte)'b', (byte)'\n', 0xff, (byte)'\t', (byte)'b', (byte)'\n']
        );
        AssertMistake(InProcess.Run("train", tiny.Recipe, "--run", tiny.Run), "line 2");
        File.WriteAllText(tiny.PathOf("train.tsv"), "a\tb\tc\n");
        AssertMistake(InProcess.Run("train", tiny.Recipe, "--run", tiny.Run), "line 1");
        File.WriteAllText(tiny.PathOf("one.txt"), "a\nb\n");
        File.WriteAllText(tiny.PathOf("two.txt"), "a\n");
        AssertMistake(
            InProcess.Run("score", "--hyp", tiny.PathOf("one.txt"), "--ref", tiny.PathOf("two.txt")),
            "2 lines"
        );
        AssertMistake(
            InProcess.Run(
                "train",
                tiny.Recipe,
                "--run",
                tiny.Run,
                "--set",
                $"data.valid={tiny.PathOf("one.txt")},{tiny.PathOf("two.txt")}"
            ),
            "line"
        );
    }

    [Fact]
    public void A_line_of_a_megabyte_is_dropped_and_counted()
    {
        using var tiny = new TinyRun();
        File.AppendAllText(tiny.PathOf("train.tsv"), new string('x', 1 << 20) + "\tlong\n");
        var result = InProcess.Run("train", tiny.Recipe, "--run", tiny.Run, "--set", "training.maxUpdates=2");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("400 of 401 pairs kept; dropped: 1 longer than", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_folder_that_is_a_file_or_has_another_recipe_is_refused_and_unchanged()
    {
        using var tiny = new TinyRun();
        AssertMistake(InProcess.Run("train", tiny.Recipe, "--run", tiny.Recipe), "is a file");
        Assert.Equal(
            0,
            InProcess.Run("train", tiny.Recipe, "--run", tiny.Run, "--set", "training.maxUpdates=2").ExitCode
        );
        var before = File.ReadAllBytes(Path.Combine(tiny.Run, "model/model.safetensors"));
        AssertMistake(
            InProcess.Run("train", tiny.Recipe, "--run", tiny.Run, "--set", "model.dim=8"),
            "model.dim was 16 and is now 8. Remove this one, or name another folder (--run)."
        );
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(tiny.Run, "model/model.safetensors")));
    }

    [Fact]
    public void Every_verb_has_help_with_examples()
    {
        foreach (
            var verb in new[]
            {
                "train",
                "profile",
                "translate",
                "score",
                "score-pairs",
                "evaluate",
                "compare-outputs",
                "average",
                "checkpoints",
                "fold",
                "compare",
                "recommend",
                "verify",
            }
        )
        {
            var help = ClinicProcess.Run(verb, "--help");
            Assert.Equal(0, help.ExitCode);
            Assert.Contains("Examples:", help.Output, StringComparison.Ordinal);
            Assert.Contains($"clinic {verb}", help.Output, StringComparison.Ordinal);
        }
    }

    private static void AssertMistake(ClinicResult result, string expected)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }
}
