using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Text;

/// <summary>
/// The file of <see cref="SentencePieceSubwords"/>: JSON with its format, the files of SentencePiece in base64 and the
/// pieces in the order of ids.
/// </summary>
internal static class SentencePieceSubwordsFile
{
    /// <summary>What the file says of itself.</summary>
    public const string Format = "transformer-clinic-sentencepiece-1";

    private sealed record Subwords(
        [property: JsonRequired] string Format,
        [property: JsonRequired] byte[] Source,
        [property: JsonRequired] byte[]? Target,
        [property: JsonRequired] string?[] Pieces
    );

    /// <summary>Writes subwords, whole or not at all.</summary>
    public static void Write(string path, SentencePieceSubwords subwords)
    {
        var isJoint = subwords.Source.File.AsSpan().SequenceEqual(subwords.Target.File);
        Json.Write(
            path,
            new Subwords(Format, subwords.Source.File, isJoint ? null : subwords.Target.File, [.. subwords.Pieces])
        );
    }

    /// <summary>Reads subwords.</summary>
    /// <exception cref="UserErrorException">The file is missing or not such a file.</exception>
    public static SentencePieceSubwords Read(string path)
    {
        var content = Json.Read<Subwords>(path);
        try
        {
            var source = SentencePieceModel.Read(content.Source);
            return new SentencePieceSubwords(
                source,
                content.Target is null ? source : SentencePieceModel.Read(content.Target),
                content.Pieces.Select(piece => piece ?? throw new ArgumentException("A piece is null."))
            );
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidDataException)
        {
            throw new UserErrorException($"{path}: the subword model is damaged. {exception.Message}", exception);
        }
    }
}
