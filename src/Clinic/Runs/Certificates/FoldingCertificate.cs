using System.Globalization;
using System.Text.Json.Serialization;
using TransformerClinic.Files;
using TransformerClinic.Folding;

namespace TransformerClinic.Runs.Certificates;

/// <summary>
/// Evidence that a folded model computes what the original computes; <c>certificate.json</c> in the folded model's
/// folder.
/// </summary>
internal sealed record FoldingCertificate
{
    /// <summary>The file's name.</summary>
    public const string FileName = "certificate.json";

    /// <summary>Version of the file's layout.</summary>
    public const int CurrentFormat = 1;

    /// <summary>
    /// In float64 the logits may differ by this part of the largest one. Rounding makes about 1e-15 of it, more in deep
    /// models; an error in the algebra, such as one forgotten scale, more than 1e-3.
    /// </summary>
    public const double AlgebraTolerance = 1e-10;

    /// <summary>Version of the file's layout.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The original's name, such as <c>quickstart/model</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The original's weights.</summary>
    public required CertifiedWeights Original { get; init; }

    /// <summary>The folded weights.</summary>
    public required CertifiedWeights Folded { get; init; }

    /// <summary>What was folded, encoder first.</summary>
    public required IReadOnlyList<StackFolding> Stacks { get; init; }

    /// <summary>Whether word vectors of a fixed length were stored with it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FixNorm { get; init; }

    /// <summary>The files of the sentences that the models were compared on.</summary>
    public required IReadOnlyList<CertifiedFile> Text { get; init; }

    /// <summary>The logits compared.</summary>
    public required LogitComparison Logits { get; init; }

    /// <summary>The translations compared.</summary>
    public required TranslationComparison Translations { get; init; }

    /// <summary>
    /// Whether the models are equal in function: in float64 the logits are within <see cref="AlgebraTolerance"/>, and
    /// every sentence has the same translation, in float32 or, where float32 breaks a tie of the search differently, in
    /// float64.
    /// </summary>
    public bool Holds => AlgebraHolds && SearchHolds;

    /// <summary>The same in a sentence.</summary>
    public string Verdict =>
        (AlgebraHolds, SearchHolds) switch
        {
            (true, true) => string.Create(
                CultureInfo.InvariantCulture,
                $"The folded model is equal in function to the original: in float64 their logits differ by "
                    + $"{Logits.Algebra.Relative:g1} of the largest, and beam search gives the same "
                    + $"{Translations.Sentences:N0} translations{Ties}."
            ),
            (false, _) => string.Create(
                CultureInfo.InvariantCulture,
                $"The folded model is not equal to the original: in float64 their logits differ by "
                    + $"{Logits.Algebra.Relative:g1} of the largest, and {AlgebraTolerance:g1} is allowed."
            ),
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"The folded model is not equal to the original: "
                    + $"{Translations.Differing.Count(differing => !differing.SameInFloat64):N0} of "
                    + $"{Translations.Sentences:N0} translations differ, even in float64."
            ),
        };

    private bool AlgebraHolds => Logits.Algebra.Relative <= AlgebraTolerance;

    private bool SearchHolds => Translations.Differing.All(differing => differing.SameInFloat64);

    private string Ties =>
        Translations.Differing.Count == 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $" ({Translations.Identical:N0} of them in float32 already; in the others float32 breaks a tie "
                    + $"differently)"
            );
}

/// <summary>A file that a certificate speaks of.</summary>
/// <param name="Name">Its name, without the folder.</param>
/// <param name="Sha256">SHA-256 of its bytes, in lower-case hexadecimal.</param>
internal sealed record CertifiedFile(string Name, string Sha256);

/// <summary>Weights that a certificate speaks of.</summary>
/// <param name="Sha256">SHA-256 of their file.</param>
/// <param name="Parameters">How many numbers they are.</param>
/// <param name="Bytes">Size of the file.</param>
internal sealed record CertifiedWeights(string Sha256, long Parameters, long Bytes)
{
    /// <summary>The weights of a model in a file.</summary>
    internal static CertifiedWeights Of(string path, Model.Transformer model) =>
        new(
            ContentHash.OfFile(path),
            model.parameters().Sum(parameter => parameter.numel()),
            new FileInfo(path).Length
        );
}
