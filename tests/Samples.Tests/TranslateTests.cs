using System.Diagnostics;
using TransformerClinic.Recipes;
using TransformerClinic.Workflows;

namespace Samples.Tests;

/// <summary>
/// A program of ten lines translates with a model that another program trained, both by public types alone.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class TranslateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_trained_model_translates_standard_input()
    {
        var said = new List<string>();
        var results = Workflow.Train(Recipe(), _folder.PathOf("run"), said.Add, TestContext.Current.CancellationToken);
        Assert.Equal(12, results!.Updates);
        Assert.NotEmpty(said);

        var (exitCode, output, error) = Translate(_folder.PathOf("run"), "eins zwei .\n\nzwei eins .\n");

        Assert.True(exitCode == 0, error);
        var lines = output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal(["", ""], [lines[1], lines[3]]);
    }

    [Fact]
    public void A_folder_without_a_model_is_named()
    {
        var (exitCode, output, error) = Translate(_folder.PathOf("nothing"), "eins\n");

        Assert.NotEqual(0, exitCode);
        Assert.Equal("", output);
        Assert.Contains("nothing: there is no model here", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Recipe Recipe()
    {
        string[] german = ["eins", "zwei", "drei", "vier"],
            english = ["one", "two", "three", "four"];
        var pairs = Enumerable
            .Range(0, 64)
            .Select(i => $"{german[i % 4]} {german[i / 4 % 4]} .\t{english[i % 4]} {english[i / 4 % 4]} .\n");
        _folder.Write("train.tsv", string.Concat(pairs.Skip(8)));
        _folder.Write("valid.tsv", string.Concat(pairs.Take(8)));
        _folder.Write(
            "tiny.yaml",
            """
            name: tiny
            data: { sourceLanguage: de, targetLanguage: en, train: train.tsv, valid: valid.tsv }
            subwords: { merges: 20 }
            model:
              encoder: { layers: 1, variant: admin }
              decoder: { layers: 1, variant: admin }
              dim: 16
              heads: 2
              feedForwardDim: 32
            training: { tokensPerBatch: 200, maxUpdates: 12, validateEvery: 12, checkpointEvery: 12, average: 1 }
            decoding: { beam: 2 }
            """
        );
        return RecipeReader.Read(_folder.PathOf("tiny.yaml"), []);
    }

    private static (int ExitCode, string Output, string Error) Translate(string model, string input)
    {
        var program = Path.Combine(
            AppContext.BaseDirectory,
            OperatingSystem.IsWindows() ? "Translate.exe" : "Translate"
        );
        using var process = Process.Start(
            new ProcessStartInfo(program, [model])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }
}
