namespace TransformerClinic.Cli.Tests;

/// <summary>
/// A remedy with options in the encoder and another in the decoder, from training to what the model is used for.
/// </summary>
[Trait("Speed", "Slow")]
public class RemedyTests
{
    [Fact]
    public void It_trains_is_examined_translates_and_exports_and_what_cannot_be_done_is_refused()
    {
        using var tiny = new TinyRun();
        Succeed(
            "train",
            tiny.Recipe,
            "--run",
            tiny.Run,
            "--set",
            "model.encoder.variant=keel",
            "--set",
            "model.encoder.norm=rms-norm",
            "--set",
            "model.encoder.branchSchedule=pro-res",
            "--set",
            "model.encoder.branchScheduleUpdates=4",
            "--set",
            "model.decoder.variant=residual",
            "--set",
            "model.decoder.initialization=ds-init",
            "--set",
            "training.statisticsEvery=6",
            "--set",
            "training.diagnoseEvery=6"
        );
        var translation = InProcess.Translate("eins zwei drei .\n", "--model", tiny.Run);
        Succeed("diagnose", tiny.Run, "-o", tiny.PathOf("diagnosis"));
        Succeed("export", "onnx", tiny.Run, "-o", tiny.PathOf("onnx"));

        Assert.EndsWith("\n", translation, StringComparison.Ordinal);
        var config = File.ReadAllText(Path.Combine(tiny.Run, "model/config.json"));
        Assert.Contains("\"norm\": \"rms-norm\"", config, StringComparison.Ordinal);
        Assert.Contains("\"branchSchedule\": \"pro-res\"", config, StringComparison.Ordinal);
        AssertRefused("KeelResidual does not normalize the sum", "fold", tiny.Run, "-o", tiny.PathOf("folded"));
        foreach (var target in new[] { "ctranslate2", "hf", "fairseq", "marian" })
        {
            AssertRefused("cannot be folded", "export", target, tiny.Run, "-o", tiny.PathOf(target));
        }
    }

    private static void Succeed(params string[] command)
    {
        var result = InProcess.Run(command);
        Assert.True(result.ExitCode == 0, $"{command[0]}: {result.Error}");
    }

    private static void AssertRefused(string expected, params string[] command)
    {
        var result = InProcess.Run(command);
        Assert.True(result.ExitCode == 2, $"exit code {result.ExitCode}: {result.Error}");
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
