using System.Text.Json;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Text;

/// <summary>The file of a subword model of any kind: JSON, whose <c>format</c> says which kind it is.</summary>
internal static class SubwordFile
{
    /// <summary>Reads a model.</summary>
    /// <exception cref="UserErrorException">The file is missing or not such a model.</exception>
    public static SubwordModel Read(string path)
    {
        var content = TextLines.ReadBytes(path);
        if (BytePairFile.TryRead(path, content) is { } model)
        {
            return model;
        }

        return FormatOf(content) switch
        {
            WordPartsFile.Format => WordPartsFile.Read(path),
            SentencePieceSubwordsFile.Format => SentencePieceSubwordsFile.Read(path),
            _ => BytePairFile.Read(path),
        };
    }

    /// <summary>What a file says of itself; null for a file that says nothing.</summary>
    private static string? FormatOf(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("format", out var format)
                && format.ValueKind == JsonValueKind.String
                ? format.GetString()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
