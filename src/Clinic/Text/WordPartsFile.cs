using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Text;

/// <summary>
/// The file of words cut into parts: JSON with its format, pieces, merges and what only one side has.
/// </summary>
internal static class WordPartsFile
{
    /// <summary>What the file says it is.</summary>
    public const string Format = "transformer-clinic-word-parts-1";

    private sealed record Merges([property: JsonRequired] bool EndIsApart, [property: JsonRequired] string?[]?[] Pairs);

    private sealed record Subwords(
        [property: JsonRequired] string Format,
        [property: JsonRequired] string?[] Pieces,
        [property: JsonRequired] Merges? SourceMerges,
        [property: JsonRequired] Merges? TargetMerges,
        [property: JsonRequired] int[] OnlySource,
        [property: JsonRequired] int[] OnlyTarget
    );

    /// <summary>Writes a model, whole or not at all.</summary>
    public static void Write(string path, WordPartsModel model) =>
        Json.Write(
            path,
            new Subwords(
                Format,
                [.. model.Pieces],
                Of(model.SourceMerges),
                Of(model.TargetMerges),
                [.. model.OnlySource],
                [.. model.OnlyTarget]
            )
        );

    /// <summary>Reads a model.</summary>
    /// <exception cref="UserErrorException">The file is not such a model.</exception>
    public static WordPartsModel Read(string path)
    {
        var content = Json.Read<Subwords>(path);
        try
        {
            return new WordPartsModel(
                [.. content.Pieces.Select(piece => piece ?? throw new ArgumentException("A piece is missing."))],
                Read(content.SourceMerges),
                Read(content.TargetMerges),
                content.OnlySource,
                content.OnlyTarget
            );
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException($"{path}: the subword model is damaged. {exception.Message}", exception);
        }
    }

    private static Merges? Of(WordMerges? merges) =>
        merges is null
            ? null
            : new Merges(merges.EndIsApart, [.. merges.Pairs.Select(pair => new[] { pair.Left, pair.Right })]);

    private static WordMerges? Read(Merges? merges) =>
        merges is null
            ? null
            : new WordMerges(
                [
                    .. merges.Pairs.Select(pair =>
                        pair is [{ } left, { } right]
                            ? (left, right)
                            : throw new ArgumentException("A merge is not of two pieces.")
                    ),
                ],
                merges.EndIsApart
            );
}
