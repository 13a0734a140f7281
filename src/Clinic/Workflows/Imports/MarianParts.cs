using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Interop.Marian;

namespace TransformerClinic.Workflows.Imports;

/// <summary>The files that a model of Marian or Hugging Face is made of, found from what the user named.</summary>
internal sealed record MarianParts
{
    private const string DecoderFile = "decoder.yml";
    private const string SourcePiecesFile = "source.spm";
    private const string TargetPiecesFile = "target.spm";
    private static readonly string[] PieceEndings = [".spm", ".model"];

    /// <summary>The model file of Marian; null of a folder of Hugging Face.</summary>
    public string? ModelFile { get; private init; }

    /// <summary>The folder of Hugging Face; null of a model file of Marian.</summary>
    public string? HuggingFaceFolder { get; private init; }

    /// <summary>The source's vocabulary.</summary>
    public required string SourceVocabulary { get; init; }

    /// <summary>The target's vocabulary.</summary>
    public required string TargetVocabulary { get; init; }

    /// <summary>The SentencePiece model that source text is cut with.</summary>
    public required string SourcePieces { get; init; }

    /// <summary>The SentencePiece model of the target.</summary>
    public required string TargetPieces { get; init; }

    /// <summary>How the folder says that the model translates.</summary>
    public DecodingOptions Decoding { get; private init; } = new();

    /// <summary>All files with what they are, those that are the same once.</summary>
    public IEnumerable<(string Role, string Path)> Files =>
        new (string Role, string Path)[]
        {
            ("model", ModelFile ?? HuggingFaceTensors.FileOf(HuggingFaceFolder!)),
            ("vocabulary", SourceVocabulary),
            ("target vocabulary", TargetVocabulary),
            ("source pieces", SourcePieces),
            ("target pieces", TargetPieces),
        }.DistinctBy(file => Path.GetFullPath(file.Path));

    /// <summary>Finds them.</summary>
    /// <exception cref="UserErrorException">One is missing and not named.</exception>
    public static MarianParts Of(MarianImportOptions options)
    {
        if (File.Exists(options.Model))
        {
            return OfFile(options, options.Model, [], new DecodingOptions());
        }

        if (!Directory.Exists(options.Model))
        {
            throw new UserErrorException($"{options.Model}: there is no such file or folder.");
        }

        var decoder = Path.Combine(options.Model, DecoderFile);
        return File.Exists(Path.Combine(options.Model, HuggingFaceMarian.ConfigFile)) ? OfHuggingFace(options)
            : File.Exists(decoder) ? OfDecoder(options, decoder)
            : throw new UserErrorException(
                $"{options.Model}: the folder has neither {HuggingFaceMarian.ConfigFile}, as those of Hugging Face "
                    + $"have, nor {DecoderFile}, as those of OPUS-MT have. Name the model file in it."
            );
    }

    private static MarianParts OfHuggingFace(MarianImportOptions options)
    {
        var folder = options.Model;
        var vocabulary = options.Vocabulary ?? Path.Combine(folder, "vocab.json");
        var target = Path.Combine(folder, "target_vocab.json");
        return new MarianParts
        {
            HuggingFaceFolder = folder,
            SourceVocabulary = vocabulary,
            TargetVocabulary = options.TargetVocabulary ?? (File.Exists(target) ? target : vocabulary),
            SourcePieces = options.SourcePieces ?? Path.Combine(folder, SourcePiecesFile),
            TargetPieces = options.TargetPieces ?? Path.Combine(folder, TargetPiecesFile),
        };
    }

    private static MarianParts OfDecoder(MarianImportOptions options, string decoder)
    {
        var content = FlatYaml.Read(string.Join('\n', TextLines.Read(decoder)), decoder);
        string[] Named(string key) =>
            [.. content.GetValueOrDefault(key, []).Select(name => Path.Combine(options.Model, name))];
        return Named("models") switch
        {
            [var model] => OfFile(options, model, Named("vocabs"), Decodes(content)),
            [] => throw new UserErrorException($"{decoder}: it names no model (models)."),
            var several => throw new UserErrorException(
                $"{decoder}: it names {several.Length} models, which translate together. Import each by itself, by the "
                    + "name of its file; several models can be given when translating."
            ),
        };
    }

    private static MarianParts OfFile(
        MarianImportOptions options,
        string model,
        IReadOnlyList<string> vocabularies,
        DecodingOptions decoding
    )
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        var source =
            options.Vocabulary
            ?? (vocabularies is [var first, ..] ? first : null)
            ?? throw new UserErrorException($"{model}: name the vocabulary of the model.")
            {
                Options = [nameof(MarianImportOptions.Vocabulary)],
            };
        var target =
            options.TargetVocabulary
            ?? (options.Vocabulary is null ? (vocabularies is [.., var last] ? last : null) : null)
            ?? source;
        return new MarianParts
        {
            ModelFile = model,
            SourceVocabulary = source,
            TargetVocabulary = target,
            SourcePieces = Pieces(options.SourcePieces, source, folder, SourcePiecesFile, nameof(options.SourcePieces)),
            TargetPieces = Pieces(options.TargetPieces, target, folder, TargetPiecesFile, nameof(options.TargetPieces)),
            Decoding = decoding,
        };
    }

    private static string Pieces(string? named, string vocabulary, string folder, string usual, string option)
    {
        var next = Path.Combine(folder, usual);
        return named
            ?? (IsPieces(vocabulary) ? vocabulary : null)
            ?? (
                File.Exists(next)
                    ? next
                    : throw new UserErrorException(
                        $"{vocabulary}: this is a list of pieces, and there is no {usual} next to the model that says "
                            + "how text is cut into them."
                    )
                    {
                        Options = [option],
                    }
            );
    }

    /// <summary>Whether a vocabulary is a SentencePiece model.</summary>
    public static bool IsPieces(string path) =>
        PieceEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static DecodingOptions Decodes(OrderedDictionary<string, IReadOnlyList<string>> content)
    {
        var options = new DecodingOptions();
        return options with
        {
            Beam = (int)Number("beam-size", options.Beam, 1, 1000),
            LengthPenalty = Number("normalize", options.LengthPenalty, 0, 10),
        };

        double Number(string key, double otherwise, double least, double most) =>
            content.GetValueOrDefault(key, []) is [var text]
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= least
            && value <= most
                ? value
                : otherwise;
    }
}
