using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public class ExportCommandTests(TrainedTinyRun trained)
{
    [Fact]
    public void A_run_goes_to_a_folder_with_its_certificate()
    {
        using var folder = new TemporaryFolder();
        var output = folder.PathOf("deep/exported");

        var result = ClinicProcess.Run("export", "onnx", trained.Run, "-o", output, "--json");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(output, "certificate.json")), result.Output);
        using var json = JsonDocument.Parse(result.Output);
        Assert.Equal("onnx", json.RootElement.GetProperty("target").GetString());
        Assert.True(json.RootElement.GetProperty("holds").GetBoolean());
        Assert.StartsWith(
            "ONNX Runtime ",
            json.RootElement.GetProperty("comparison").GetProperty("client").GetString(),
            StringComparison.Ordinal
        );
        Assert.True(File.Exists(Path.Combine(output, "onnx/decoder_model_merged.onnx")));
    }

    [Theory]
    [InlineData("onx", "Did you mean onnx?")]
    [InlineData("sentencepiece", "has no matrices", "--int8")]
    [InlineData("ctranslate2", "only an export to hf has a class", "--class", "marian")]
    public void Mistakes_are_explained(string target, string expected, params string[] more)
    {
        using var folder = new TemporaryFolder();

        var result = InProcess.Run(["export", target, trained.Run, "-o", folder.PathOf("out"), .. more]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("out")));
    }
}
