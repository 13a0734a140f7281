using TransformerClinic.Files;

namespace TransformerClinic.Text;

/// <summary>The file of a subword model: JSON with its format, normalisation, characters and merges.</summary>
internal static class SubwordFile
{
    private const string Format = "transformer-clinic-bpe-1";

    private sealed record Content(string Format, Normalization Normalization, string[] Characters, string[][] Merges);

    public static void Write(string path, SubwordModel model) => Json.Write(path, new Content(
        Format, model.Normalization, [.. model.Characters], [.. model.Merges.Select(merge => new[] { merge.Left, merge.Right })]));

    public static SubwordModel Read(string path)
    {
        var content = Json.Read<Content>(path);
        if (content.Format != Format)
        {
            throw new UserErrorException($"{path}: this is not a subword model of this version (its format is '{content.Format}', not '{Format}').");
        }

        if (content.Characters is null || content.Merges is null || content.Merges.Any(merge => merge is not { Length: 2 }))
        {
            throw new UserErrorException($"{path}: the subword model's characters or merges are damaged.");
        }

        try
        {
            return new SubwordModel(content.Normalization, content.Characters, [.. content.Merges.Select(merge => (merge[0], merge[1]))]);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException($"{path}: the subword model is damaged. {exception.Message}", exception);
        }
    }
}
