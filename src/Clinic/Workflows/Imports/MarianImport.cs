using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Interop;
using TransformerClinic.Interop.Marian;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using TransformerClinic.Text.SentencePiece;

namespace TransformerClinic.Workflows.Imports;

/// <summary>
/// Makes a model folder of a model of Marian or of Hugging Face's class marian, such as OPUS-MT's, with its vocabulary
/// and its SentencePiece models. Nothing is written unless all of it is understood.
/// </summary>
internal sealed class MarianImport(MarianImportOptions options)
{
    /// <summary>Reads, checks and writes.</summary>
    /// <returns>Where the model is from, and what of it was left out.</returns>
    /// <exception cref="UserErrorException">
    /// A file is missing or damaged, the files do not belong together, the model is one that ours cannot be, or the
    /// output folder holds something else. Nothing was written.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing was written.</exception>
    public ModelOrigin Run(CancellationToken stop)
    {
        OptionCheck.Valid(options, "");
        TrainedModel.MakePlaceFor(options.Output);
        var parts = MarianParts.Of(options);
        var (model, rows, ignored) = parts.ModelFile is { } file ? OfMarian(file, parts) : OfHuggingFace(parts);
        using var ownership = model;
        stop.ThrowIfCancellationRequested();
        CheckNumbers(model, parts);
        var source = SentencePieceModel.Load(parts.SourcePieces);
        var target = parts.TargetPieces == parts.SourcePieces ? source : SentencePieceModel.Load(parts.TargetPieces);
        var subwords = new SentencePieceSubwords(source, target, rows.Pieces);
        var config = new ModelConfig(
            TrainedModel.Format,
            options.SourceLanguage ?? LanguageOf(parts, "source_lang") ?? "src",
            options.TargetLanguage ?? LanguageOf(parts, "target_lang") ?? "tgt",
            subwords.Vocabulary.Count,
            model.Options,
            parts.Decoding,
            Profile: null
        );
        var origin = Origin(parts, subwords, ignored);
        ImportedModel.Write(options.Output, config, subwords, model, origin, stop);
        return origin;
    }

    private (Model.Transformer Model, PieceRows Rows, IReadOnlyList<string> Ignored) OfMarian(
        string path,
        MarianParts parts
    )
    {
        using var file = MarianFile.Open(path);
        var found = MarianOptions.Of(file, options.Ignore);
        if (found.Vocabularies.Count != 2)
        {
            throw new UserErrorException(
                $"{path}: the model has {found.Vocabularies.Count} vocabularies (dim-vocabs); models of one source and "
                    + "one target can be read."
            );
        }

        var rows = Rows(
            Pieces(parts.SourceVocabulary, found.Vocabularies[0]),
            Pieces(parts.TargetVocabulary, found.Vocabularies[1]),
            found.Embeddings is MarianSharing.All or MarianSharing.SourceAndTarget,
            parts
        );
        return (MarianWeights.Load(file, found, rows, Vocabulary.Pad), rows, found.Ignored);
    }

    private static (Model.Transformer Model, PieceRows Rows, IReadOnlyList<string> Ignored) OfHuggingFace(
        MarianParts parts
    )
    {
        using var folder = HuggingFaceMarian.Open(parts.HuggingFaceFolder!);
        var rows = Rows(
            MarianVocabulary.Read(parts.SourceVocabulary, folder.SourceCount),
            MarianVocabulary.Read(parts.TargetVocabulary, folder.TargetCount),
            folder.IsShared,
            parts
        );
        return (folder.Load(rows, Vocabulary.Pad), rows, []);
    }

    private static PieceRows Rows(
        IReadOnlyList<string> source,
        IReadOnlyList<string> target,
        bool isShared,
        MarianParts parts
    ) =>
        isShared && !source.SequenceEqual(target, StringComparer.Ordinal)
            ? throw new UserErrorException(
                $"{parts.SourceVocabulary} and {parts.TargetVocabulary} differ, but the model has one embedding for "
                    + "both languages: name the vocabulary that it was trained with."
            )
            : new PieceRows(source, target);

    /// <summary>The pieces by the model's ids: SentencePiece's own numbers, or those that a file gives them.</summary>
    private static IReadOnlyList<string> Pieces(string path, int size) =>
        MarianParts.IsPieces(path)
            ? MarianVocabulary.Filled(SentencePieceModel.Load(path).Pieces.Select(piece => piece.Text), size, path)
            : MarianVocabulary.Read(path, size);

    private static string? LanguageOf(MarianParts parts, string key)
    {
        var path = Path.Combine(parts.HuggingFaceFolder ?? "", "tokenizer_config.json");
        if (parts.HuggingFaceFolder is null || !File.Exists(path))
        {
            return null;
        }

        var content = Json.ReadForeign<Dictionary<string, System.Text.Json.JsonElement>>(path);
        return content.TryGetValue(key, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.String
            ? value.GetString()
            : null;
    }

    private static void CheckNumbers(Model.Transformer model, MarianParts parts)
    {
        if (ImportedModel.NotANumber(model) is { } name)
        {
            throw new UserErrorException(
                $"{parts.ModelFile ?? parts.HuggingFaceFolder}: the weights of {name} hold values that are not "
                    + "numbers: the training diverged. Take an earlier model."
            );
        }
    }

    private ModelOrigin Origin(MarianParts parts, SentencePieceSubwords subwords, IReadOnlyList<string> ignored) =>
        new(
            parts.ModelFile is null ? "transformers, class marian" : "marian",
            RunEnvironment.ProgramVersion,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["vocabulary"] = subwords.Vocabulary.Count.ToString(CultureInfo.InvariantCulture),
                ["vocabularies"] = parts.SourceVocabulary == parts.TargetVocabulary ? "one" : "separate",
                ["pieces"] = parts.SourcePieces == parts.TargetPieces ? "one" : "separate",
            },
            [.. parts.Files.Select(file => OriginFile.Of(file.Role, file.Path))],
            [.. ignored.Except(options.Ignore)],
            [.. ignored.Intersect(options.Ignore)]
        );
}
