using TransformerClinic.Common;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Web.Runs;

namespace TransformerClinic.Web.Dashboard;

/// <summary>Translations of the same sentences: of one run at several updates, or of several runs.</summary>
internal static class TranslationSamples
{
    /// <summary>Translations of a sentence that a page shows: evenly spread, the first and the last too.</summary>
    private const int Most = 6;

    /// <summary>How a run translated its sentences.</summary>
    public static IReadOnlyList<SampleView> Of(TranslationHistory history, RunDescription run) =>
        [
            .. history.Sentences.Select(sentence =>
                Sample(
                    sentence.Source,
                    sentence.Reference,
                    run,
                    [.. Spread(sentence.Translations).Select(at => (Name(at), at.Text))],
                    isLastOnly: true
                )
            ),
        ];

    /// <summary>How several runs translate the sentences that all of them have.</summary>
    public static IReadOnlyList<SampleView> Of(IReadOnlyList<(RunDescription Run, TranslationHistory History)> runs) =>
        runs.Count == 0
            ? []
            :
            [
                .. runs[0]
                    .History.Sentences.Where(sentence => runs.All(run => Find(run.History, sentence) is not null))
                    .Select(sentence =>
                        Sample(
                            sentence.Source,
                            sentence.Reference,
                            runs[0].Run,
                            [
                                .. runs.Select(run =>
                                    (
                                        $"{run.Run.Id}, {Name(Find(run.History, sentence)!.Translations[^1])}",
                                        Find(run.History, sentence)!.Translations[^1].Text
                                    )
                                ),
                            ],
                            isLastOnly: false
                        )
                    ),
            ];

    /// <summary>What the sentences are.</summary>
    public static string Note(TranslationHistory history) =>
        history.Set switch
        {
            "valid" => "Sentences of the validation set, translated greedily at each validation.",
            "test" => "Sentences of the test set, translated by the final model. A recipe with "
                + "training.validationTranslations shows sentences during training.",
            _ => "There are none yet. The test set is translated at the end; a recipe with "
                + "training.validationTranslations shows sentences during training.",
        };

    private static SentenceHistory? Find(TranslationHistory history, SentenceHistory like) =>
        history.Sentences.FirstOrDefault(sentence =>
            sentence.Source == like.Source && sentence.Reference == like.Reference && sentence.Translations.Count > 0
        );

    private static IEnumerable<DatedTranslation> Spread(IReadOnlyList<DatedTranslation> all) =>
        all.Count <= Most ? all : Enumerable.Range(0, Most).Select(i => all[i * (all.Count - 1) / (Most - 1)]);

    private static string Name(DatedTranslation at) =>
        at.Step is { } step ? $"update {Numbers.Count(step)}" : "final model";

    private static SampleView Sample(
        string source,
        string reference,
        RunDescription run,
        IReadOnlyList<(string Name, string Text)> translations,
        bool isLastOnly
    ) =>
        new([
            new SampleLine("source", source, run.Source ?? ""),
            new SampleLine("reference", reference, run.Target ?? ""),
            .. translations.Select(
                (found, i) =>
                    new SampleLine(
                        found.Name,
                        found.Text,
                        run.Target ?? "",
                        IsTranslation: !isLastOnly || i == translations.Count - 1
                    )
            ),
        ]);
}
