using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Text;

/// <summary>The file of a byte-pair encoding: JSON with its format, normalization, characters and merges.</summary>
internal static class BytePairFile
{
    private const string Format = "transformer-clinic-bpe-1";

    private sealed record Subwords(
        [property: JsonRequired] string Format,
        [property: JsonRequired] Normalization Normalization,
        [property: JsonRequired] string?[] Characters,
        [property: JsonRequired] string?[]?[] Merges
    );

    public static void Write(string path, BytePairModel model) =>
        Json.Write(
            path,
            new Subwords(
                Format,
                model.Normalization,
                [.. model.Characters],
                [.. model.Merges.Select(merge => new[] { merge.Left, merge.Right })]
            )
        );

    public static BytePairModel Read(string path)
    {
        var content = Json.Read<Subwords>(path);
        if (content.Format != Format)
        {
            throw new UserErrorException(
                $"{path}: this is not a subword model of this version (its format is '{content.Format}', not "
                    + $"'{Format}')."
            );
        }

        return Model(path, content);
    }

    /// <summary>A model from what its file contains; null where <see cref="Read"/> must look at it.</summary>
    /// <exception cref="UserErrorException">The model is damaged.</exception>
    public static BytePairModel? TryRead(string path, ReadOnlyMemory<byte> json) =>
        JsonFields.Read(json, Fields) is { Format: Format } content ? Model(path, content) : null;

    private static Subwords Fields(JsonFields json) =>
        json.Text("format") is Format
            ? new Subwords(
                Format,
                json.Name<Normalization>("normalization"),
                [.. json.Elements("characters").Select(character => character.GetString())],
                [
                    .. json.Elements("merges")
                        .Select(merge => merge.EnumerateArray().Select(piece => piece.GetString()).ToArray()),
                ]
            )
            : throw new FormatException();

    private static BytePairModel Model(string path, Subwords content)
    {
        try
        {
            return new BytePairModel(
                content.Normalization,
                [.. content.Characters.Select(Character)],
                [
                    .. content.Merges.Select(merge =>
                        merge is [{ } left, { } right]
                            ? (left, right)
                            : throw new ArgumentException("A merge is not of two pieces.")
                    ),
                ]
            );
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException($"{path}: the subword model is damaged. {exception.Message}", exception);
        }
    }

    private static string Character(string? text) =>
        text is not null && text.EnumerateRunes().Count() == 1
            ? text
            : throw new ArgumentException($"'{text}' is not one character.");
}
