using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace TransformerClinic.Cli.Tests.Commands;

[Trait("Speed", "Slow")]
public sealed class ImportFairseqCommandTests : IDisposable
{
    private static readonly string Checkpoint = Recorded("checkpoints", "admin.perturbed.clinic.pt");
    private static readonly string Dictionary = Recorded("model", "dict.txt");

    private readonly TemporaryFolder _folder = new();

    private string Model => _folder.PathOf("model");

    [Fact]
    public void A_checkpoint_becomes_a_model_that_translates_is_evaluated_and_folds()
    {
        var imported = Import(Checkpoint, "--pretokenized");

        Assert.True(imported.ExitCode == 0, imported.Error);
        Assert.Equal(
            $"{Model}: transformer, init_type adaptive, weights torch.FloatStorage, one dictionary of 56 pieces\n"
                + "93 options of the checkpoint do not change what it computes; origin.json names them\n",
            imported.Output
        );
        Assert.Equal(
            ["config.json", "model.safetensors", "origin.json", "subwords.json"],
            Directory.GetFiles(Model).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );

        var source = _folder.Write("source.txt", "every a .\nevery every\n");
        var translated = ClinicProcess.Run("every a .\nevery every\n", ["translate", "--model", Model]);
        Assert.True(translated.ExitCode == 0, translated.Error);
        Assert.Equal(2, translated.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        var folded = ClinicProcess.Run("fold", Model, "-o", _folder.PathOf("folded"), "--src", source);
        Assert.True(folded.ExitCode == 0, folded.Error);
        Assert.Contains("2 of 2 translations identical", folded.Output, StringComparison.Ordinal);

        var pairs = _folder.Write("pairs.tsv", "every a .\tevery a\nevery every\ta .\n");
        var evaluated = ClinicProcess.Run("evaluate", "--model", Model, "--pairs", pairs);
        Assert.True(evaluated.ExitCode == 0, evaluated.Error);
        Assert.Contains("target subwords  6, end marks included", evaluated.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_record_of_the_origin_is_the_result_in_json()
    {
        var imported = Import(Recorded("checkpoints", "deepnet.perturbed.stream.pt"), "--pretokenized", "--json");

        Assert.True(imported.ExitCode == 0, imported.Error);
        Assert.Equal(File.ReadAllText(Path.Combine(Model, "origin.json")), imported.Output);
        using var json = JsonDocument.Parse(imported.Output);
        Assert.Equal("deepnet", json.RootElement.GetProperty("facts").GetProperty("initType").GetString());
    }

    [Fact]
    public void A_file_that_calls_something_is_refused()
    {
        var path = _folder.PathOf("evil.pt");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var content = archive.CreateEntry("x/data.pkl", CompressionLevel.NoCompression).Open();
            content.Write(Encoding.Latin1.GetBytes("\u0080\u0002cposix\nsystem\nX\u0002\0\0\0id\u0085R."));
        }

        AssertMistake(
            Import(path, "--pretokenized"),
            $"clinic: {path}: this file calls posix.system; a checkpoint has no reason to. Nothing was run."
        );
    }

    [Fact]
    public void The_ways_from_text_to_pieces_exclude_each_other_and_one_is_needed()
    {
        AssertMistake(Import(Checkpoint), "How does text become pieces of the dictionary? Give --codes");
        AssertMistake(Import(Checkpoint, "--pretokenized", "--codes", "codes"), "one of the three.");
        AssertMistake(Import(Checkpoint, "--pretokenized", "--target-codes", "codes"), "--target-codes needs --codes");
        AssertMistake(
            Import(Checkpoint, "--codes", _folder.Write("spm.model", "x")),
            "name it as one (--sentencepiece)."
        );
    }

    [Fact]
    public void What_is_not_known_is_named_with_the_way_out()
    {
        AssertMistake(
            ClinicProcess.Run("import", "fairseq", Checkpoint, "--dict", Dictionary, "--pretokenized"),
            "--output"
        );
        AssertMistake(
            Import(_folder.Write("x.pt", "no checkpoint"), "--pretokenized"),
            "this is not a checkpoint of PyTorch that can be read: it does not begin like a file of PyTorch."
        );
    }

    public void Dispose() => _folder.Dispose();

    private static string Recorded(params string[] path) => Path.Combine([GoldenFolder.Path, .. path]);

    private ClinicResult Import(string checkpoint, params string[] options) =>
        ClinicProcess.Run(["import", "fairseq", checkpoint, "--dict", Dictionary, "-o", Model, .. options]);

    private void AssertMistake(ClinicResult result, string message)
    {
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Model));
    }
}
