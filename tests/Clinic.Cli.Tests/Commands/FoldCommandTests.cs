using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public class FoldCommandTests
{
    [Fact]
    public void A_trained_run_folds_into_a_model_that_translates_the_same()
    {
        using var tiny = Trained(
            "--set",
            "model.encoder.firstOmega=trainable",
            "--set",
            "model.decoder.variant=rezero-post-ln"
        );
        var folded = tiny.PathOf("folded");

        var result = InProcess.Run("fold", tiny.Run, "-o", folded);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("the text makes 1 of the 8 batches asked for", result.Error, StringComparison.Ordinal);
        Assert.Contains("run/model, sha256 ", result.Output, StringComparison.Ordinal);
        Assert.Contains("encoder: admin, 4 connections", result.Output, StringComparison.Ordinal);
        Assert.Contains("decoder: rezero-post-ln, 6 connections", result.Output, StringComparison.Ordinal);
        Assert.Contains("10 of 10 translations identical", result.Output, StringComparison.Ordinal);
        Assert.Contains("is equal in function to the original", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["certificate.json", "config.json", "model.safetensors", "subwords.json"],
            Directory.GetFiles(folded).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(Translate(tiny.Run), Translate(folded));
    }

    [Fact]
    public void A_checkpoint_folds_with_what_its_run_knows()
    {
        using var tiny = Trained();
        var checkpoint = Path.Combine(tiny.Run, "checkpoints/update-000009");

        var result = InProcess.Run("fold", checkpoint, "-o", tiny.PathOf("folded"), "--json", "--batches", "2");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(File.ReadAllText(tiny.PathOf("folded/certificate.json")), result.Output);
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal("run/checkpoints/update-000009", json.RootElement.GetProperty("source").GetString());
        Assert.True(json.RootElement.GetProperty("holds").GetBoolean());
        Assert.Equal(Translate(checkpoint), Translate(tiny.PathOf("folded")));

        File.AppendAllText(Path.Combine(checkpoint, "model.safetensors"), "x");
        AssertMistake(InProcess.Run("fold", checkpoint, "-o", tiny.PathOf("again")), "its hash differs");
    }

    [Fact]
    public void A_model_outside_a_run_needs_sentences()
    {
        using var tiny = Trained();
        Directory.Move(Path.Combine(tiny.Run, "model"), tiny.PathOf("moved"));
        File.WriteAllText(tiny.PathOf("test.src"), "eins zwei .\n\ndrei .\n");

        AssertMistake(
            InProcess.Run("fold", tiny.PathOf("moved"), "-o", tiny.PathOf("folded")),
            "or source sentences (--test, --src)."
        );
        Assert.False(Directory.Exists(tiny.PathOf("folded")));
        foreach (var text in new[] { new[] { "--test", tiny.PathOf("test.tsv") }, ["--src", tiny.PathOf("test.src")] })
        {
            var result = InProcess.Run(["fold", tiny.PathOf("moved"), "-o", tiny.PathOf("folded"), .. text]);
            Assert.True(result.ExitCode == 0, result.Error);
        }
    }

    [Fact]
    public void What_cannot_be_folded_is_named()
    {
        using var plain = Trained("--set", "model.encoder.variant=post-ln", "--set", "model.decoder.variant=post-ln");
        AssertMistake(InProcess.Run("fold", plain.Run, "-o", plain.PathOf("folded")), "nothing to fold");
        using var hybrid = Trained("--set", "model.decoder.variant=pre-ln");
        AssertMistake(
            InProcess.Run("fold", hybrid.Run, "-o", hybrid.PathOf("folded")),
            "decoder layer 1, self-attention: PreLnResidual does not normalize the sum"
        );
        AssertMistake(
            InProcess.Run("fold", hybrid.PathOf("nothing"), "-o", hybrid.PathOf("folded")),
            "there is no model here"
        );
    }

    private static TinyRun Trained(params string[] settings)
    {
        var tiny = new TinyRun();
        var result = InProcess.Run(["train", tiny.Recipe, "--run", tiny.Run, .. settings]);
        Assert.True(result.ExitCode == 0, result.Error);
        return tiny;
    }

    private static string Translate(string model) =>
        InProcess.Translate("eins zwei drei .\nvier .\nneun acht sieben sechs .\n", "--model", model);

    private static void AssertMistake(ClinicResult result, string expected)
    {
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }
}
