using System.Globalization;
using System.Text.Json.Serialization;
using TransformerClinic.Files;
using TransformerClinic.Folding;

namespace TransformerClinic.Runs.Certificates;

/// <summary>
/// Evidence that an exported model computes what the original computes; <c>certificate.json</c> in the export's folder.
/// </summary>
internal sealed record ExportCertificate
{
    /// <summary>The file's name.</summary>
    public const string FileName = FoldingCertificate.FileName;

    /// <summary>Version of the file's layout.</summary>
    public const int CurrentFormat = 1;

    /// <summary>
    /// Logits may differ by this part of the largest one: float32 adds in another order, which makes about 1e-6 of it.
    /// A forgotten weight or a wrong position makes more than 1e-2.
    /// </summary>
    public const double LogitTolerance = 1e-4;

    /// <summary>Version of the file's layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>What was exported to, as the command names it.</summary>
    public required string Target { get; init; }

    /// <summary>The program that wrote the export, with its version.</summary>
    public required string Writer { get; init; }

    /// <summary>The original's name, such as <c>quickstart/model</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The original's weights.</summary>
    public required CertifiedWeights Original { get; init; }

    /// <summary>What was folded, encoder first; null where the export holds the model as it was.</summary>
    public IReadOnlyList<StackFolding>? Folded { get; init; }

    /// <summary>Whether word vectors of a fixed length were stored with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FixNorm { get; init; }

    /// <summary>The files of the export, but for this one.</summary>
    public required IReadOnlyList<ExportedFile> Files { get; init; }

    /// <summary>The files of the sentences that the models were compared on; none if they were not compared.</summary>
    public IReadOnlyList<CertifiedFile> Text { get; init; } = [];

    /// <summary>The original compared with the export; null if they were not compared.</summary>
    public ExportComparison? Comparison { get; init; }

    /// <summary>The original compared with the export in int8; null if there is none, or it was not compared.</summary>
    public ExportComparison? Int8 { get; init; }

    /// <summary>The subwords compared; null where the target's are not read back, or were not compared.</summary>
    public ExportedSubwords? Subwords { get; init; }

    /// <summary>Why the models were not compared, in words; null if they were.</summary>
    public string? NotCompared { get; init; }

    /// <summary>
    /// Whether nothing speaks against the export: the logits are within <see cref="LogitTolerance"/>, and every
    /// sentence has the same translation, or two whose first different tokens are as good as equally probable. What is
    /// in int8 is rounded, so it is reported, not judged.
    /// </summary>
    public bool Holds =>
        (
            Comparison is null
            || (
                Comparison.Logits.Difference.Relative <= LogitTolerance
                && Comparison.Translations.Differing.All(differing => differing.IsTie)
            )
        ) && (Subwords is null || Subwords.Differing.All(differing => differing.Reason is not null));

    /// <summary>The same in a sentence.</summary>
    public string Verdict =>
        Comparison is null && Int8 is not null
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The exported model is rounded to int8: logits differ by {Int8.Logits.Difference.Relative:g1} of the "
                    + $"largest, and greedy search gives {Int8.Translations.Identical:N0} of "
                    + $"{Int8.Translations.Sentences:N0} translations identical."
            )
        : Comparison is null && Subwords is not null
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The exported subwords {(Holds ? "are" : "are not")} those of the original: "
                    + $"{Subwords.Identical:N0} of {Subwords.Sentences:N0} sentences are cut into the same ids"
            ) + (Holds && Subwords.Differing.Count > 0 ? "; docs/interop.md has the reasons for the others." : ".")
        : Comparison is null ? $"Nothing was compared: {NotCompared}"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"The exported model {(Holds ? "computes" : "does not compute")} what the original computes: logits "
                + $"differ by {Comparison.Logits.Difference.Relative:g1} of the largest ({LogitTolerance:g1} is "
                + $"allowed), and greedy search gives {Comparison.Translations.Identical:N0} of "
                + $"{Comparison.Translations.Sentences:N0} translations identical"
        ) + (Holds && Comparison.Translations.Differing.Count > 0 ? "; the others are ties." : ".");
}

/// <summary>A file of an export.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Sha256">SHA-256 of its bytes, in lower-case hexadecimal.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record ExportedFile(string Name, string Sha256, long Bytes)
{
    /// <summary>All files of a folder, in order of their names.</summary>
    public static IReadOnlyList<ExportedFile> Of(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(path => (Path: path, Name: Path.GetRelativePath(folder, path).Replace('\\', '/')))
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => new ExportedFile(
                    file.Name,
                    ContentHash.OfFile(file.Path),
                    new FileInfo(file.Path).Length
                )),
        ];
}
