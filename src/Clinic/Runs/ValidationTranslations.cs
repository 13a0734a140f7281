using System.Text.Json.Serialization;

namespace TransformerClinic.Runs;

/// <summary>
/// How a few sentences of the validation set were translated at each validation, as <c>validation.json</c> holds it.
/// </summary>
/// <param name="Sentences">The sentences.</param>
/// <param name="Validations">The validations in the order of their updates.</param>
internal sealed record ValidationTranslations(
    IReadOnlyList<ValidationSentence> Sentences,
    IReadOnlyList<TranslatedValidation> Validations
)
{
    /// <summary>The file in the run folder.</summary>
    public const string FileName = "validation.json";

    /// <summary>Without the validations after an update, which the run is at again.</summary>
    public ValidationTranslations UpTo(long update) =>
        this with
        {
            Validations = [.. Validations.Where(validation => validation.Step <= update)],
        };

    /// <summary>With a validation, in the place of those at this update or later.</summary>
    public ValidationTranslations With(TranslatedValidation validation) =>
        this with
        {
            Validations = [.. UpTo(validation.Step - 1).Validations, validation],
        };
}

/// <summary>A sentence of the validation set.</summary>
/// <param name="Source">The sentence.</param>
/// <param name="Reference">Its reference translation.</param>
internal sealed record ValidationSentence(string Source, string Reference);

/// <summary>The translations at a validation.</summary>
/// <param name="Step">Updates made.</param>
/// <param name="Translations">A translation for each sentence; none if there is a problem.</param>
internal sealed record TranslatedValidation(long Step, IReadOnlyList<string> Translations)
{
    /// <summary>Why the model could not translate: its output was not a number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Problem { get; init; }
}
