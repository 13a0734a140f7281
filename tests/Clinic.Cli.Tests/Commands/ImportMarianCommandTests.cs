using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public sealed class ImportMarianCommandTests : IDisposable
{
    private static readonly string Recorded = Path.Combine(GoldenFolder.Path, "marian");

    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.PathOf("model");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_imported_model_translates_is_evaluated_and_is_trained_further()
    {
        var imported = Import("--source-language", "de", "--target-language", "en");

        Assert.True(imported.ExitCode == 0, imported.Error);
        Assert.StartsWith($"{Output}: a model of marian, ", imported.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["config.json", "model.safetensors", "origin.json", "subwords.json"],
            Directory.GetFiles(Output).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
        );
        var pair = File.ReadLines(Path.Combine(Recorded, "translations.tsv")).ElementAt(1).Split('\t');
        var translated = ClinicProcess.Run(pair[0] + "\n", ["translate", "--model", Output, "--beam", "1"]);
        Assert.Equal(pair[1] + "\n", translated.Output.ReplaceLineEndings("\n"));

        var pairs = _folder.PathOf("pairs.tsv");
        File.WriteAllLines(pairs, File.ReadLines(Path.Combine(Recorded, "translations.tsv")).Take(40));
        var evaluated = ClinicProcess.Run("evaluate", "--model", Output, "--pairs", pairs);
        Assert.True(evaluated.ExitCode == 0, evaluated.Error);
        Assert.Contains("perplexity", evaluated.Output, StringComparison.Ordinal);

        var trained = ClinicProcess.Run("train", RecipeFor(pairs), "--run", _folder.PathOf("run"));
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.True(File.Exists(_folder.PathOf("run/model/model.safetensors")));
    }

    [Fact]
    public void The_result_is_json_if_asked_for_and_what_the_folder_says()
    {
        var imported = Import("--json");

        Assert.True(imported.ExitCode == 0, imported.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(Output, "origin.json")), imported.Output);
        using var json = JsonDocument.Parse(imported.Output);
        Assert.Equal("marian", json.RootElement.GetProperty("program").GetString());
    }

    [Fact]
    public void A_mistake_gets_one_message_and_nothing_is_written()
    {
        var model = Path.Combine(Recorded, "model.bin");
        var result = ClinicProcess.Run("import", "marian", model, "-o", Output);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal(
            $"clinic: {model}: name the vocabulary of the model (--vocab).\n",
            result.Error.ReplaceLineEndings("\n")
        );
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void A_folder_with_something_else_is_not_replaced()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "letter.txt"), "x");

        var result = Import();

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("contains something other than a model", result.Error, StringComparison.Ordinal);
        Assert.Equal(["letter.txt"], Directory.GetFiles(Output).Select(path => Path.GetFileName(path)));
    }

    private ClinicResult Import(params string[] also) =>
        ClinicProcess.Run([
            "import",
            "marian",
            Path.Combine(Recorded, "model.npz"),
            "--vocab",
            Path.Combine(Recorded, "vocab.spm"),
            "-o",
            Output,
            .. also,
        ]);

    private string RecipeFor(string pairs)
    {
        var path = _folder.PathOf("recipe.yaml");
        var stack = "variant: post-ln, layers:";
        File.WriteAllText(
            path,
            $$"""
            data: {train: ["{{pairs}}"], valid: ["{{pairs}}"], test: ["{{pairs}}"]}
            threads: 1
            model:
              encoder: { {{stack}} 2}
              decoder: { {{stack}} 1}
              dim: 32
              heads: 2
              feedForwardDim: 64
              activation: swish
              outputBias: true
              zeroStart: true
              positions: marian
            training: {from: "{{Output}}", maxUpdates: 3, tokensPerBatch: 500}
            """
        );
        return path;
    }
}
