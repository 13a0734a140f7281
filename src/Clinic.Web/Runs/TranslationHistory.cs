using System.Text.Json;
using TransformerClinic.Data;
using TransformerClinic.Files;
using TransformerClinic.Runs;

namespace TransformerClinic.Web.Runs;

/// <summary>How sentences were translated during training, or at its end.</summary>
/// <param name="Set">The set that the sentences are from: <c>valid</c> or <c>test</c>; empty if there are none.</param>
/// <param name="Sentences">The sentences.</param>
internal sealed record TranslationHistory(string Set, IReadOnlyList<SentenceHistory> Sentences)
{
    /// <summary>Sentences of the test set that are shown.</summary>
    private const int Most = 8;

    /// <summary>What a run folder has of it.</summary>
    public static TranslationHistory Of(RunPlace run) =>
        Validations(run) ?? TestSet(run) ?? new TranslationHistory("", []);

    private static TranslationHistory? Validations(RunPlace run)
    {
        var text = RunFile.Text(Path.Combine(run.Folder, ValidationTranslations.FileName));
        try
        {
            return text is not null && Json.FromLine<ValidationTranslations>(text) is { Validations.Count: > 0 } found
                ? new TranslationHistory("valid", [.. found.Sentences.Select((_, i) => SentenceHistory.Of(found, i))])
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Of the whole set, the same ones for every run.</summary>
    private static TranslationHistory? TestSet(RunPlace run)
    {
        var text = RunFile.Text(Path.Combine(run.Folder, "translations.tsv"));
        if (text is null)
        {
            return null;
        }

        var rows = text.Split('\n').Select(row => row.Split('\t')).Where(row => row.Length == 3).ToList();
        return new TranslationHistory(
            "test",
            [
                .. SpreadSample
                    .Of(rows.Count, Most)
                    .Select(i => rows[i])
                    .Select(row => new SentenceHistory(row[0], row[1], [new DatedTranslation(null, row[2])])),
            ]
        );
    }
}

/// <summary>How a sentence was translated during training.</summary>
/// <param name="Source">The sentence.</param>
/// <param name="Reference">Its reference translation.</param>
/// <param name="Translations">Its translations, the newest last.</param>
internal sealed record SentenceHistory(string Source, string Reference, IReadOnlyList<DatedTranslation> Translations)
{
    /// <summary>The history of the i-th sentence.</summary>
    public static SentenceHistory Of(ValidationTranslations found, int i) =>
        new(
            found.Sentences[i].Source,
            found.Sentences[i].Reference,
            [.. found.Validations.Select(at => new DatedTranslation(at.Step, at.Problem ?? at.Translations[i]))]
        );
}

/// <summary>A translation.</summary>
/// <param name="Step">Updates made when it was translated; null for the final model.</param>
/// <param name="Text">The translation.</param>
internal sealed record DatedTranslation(long? Step, string Text);
