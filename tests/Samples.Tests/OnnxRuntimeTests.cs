using System.Text.Json;

namespace Samples.Tests;

/// <summary>A program without TransformerClinic translates with a model that was exported.</summary>
[Trait("Speed", "Slow")]
public sealed class OnnxRuntimeTests : IDisposable
{
    private static readonly string Recorded = RepositoryRoot.PathOf("tests", "Clinic.Tests", "Interop", "recorded");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_exported_model_translates_as_other_clients_do()
    {
        var exported = _folder.PathOf("exported");
        var export = TextProcess.Run("clinic", ["export", "onnx", Path.Combine(Recorded, "model"), "-o", exported]);
        Assert.True(export.ExitCode == 0, export.Error);

        var sentences = File.ReadAllText(Path.Combine(Recorded, "sentences.txt"));
        var translated = TextProcess.Run("TranslateWithOnnxRuntime", [exported], sentences + "\n");

        Assert.True(translated.ExitCode == 0, translated.Error);
        var lines = translated.Output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("", lines[^2]);
        // Theirs were cut at 40 tokens.
        Assert.All(
            lines.Zip(TheirTranslations()),
            pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Without_a_model_it_says_how_it_is_used()
    {
        var process = TextProcess.Run("TranslateWithOnnxRuntime", []);

        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith("usage: ", process.Error, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> TheirTranslations()
    {
        using var clients = JsonDocument.Parse(File.ReadAllText(Path.Combine(Recorded, "clients.json")));
        var web = clients
            .RootElement.EnumerateArray()
            .Single(client =>
                client.GetProperty("client").GetString()!.StartsWith("onnxruntime-web", StringComparison.Ordinal)
            );
        return [.. web.GetProperty("translations").EnumerateArray().Select(line => line.GetString()!)];
    }
}
