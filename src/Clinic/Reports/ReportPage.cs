using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Pages.Reports;
using TransformerClinic.Reports.Figures;
using TransformerClinic.Runs;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Reports;

/// <summary>The page of one run: what came out, how it learned, what it translates, and how to make it again.</summary>
internal static class ReportPage
{
    /// <summary>The page as one HTML document that loads nothing; the same report gives the same bytes.</summary>
    public static string Render(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return PageRenderer.Render<RunPage, RunView>($"{report.Recipe.Name}: training report", View(report));
    }

    /// <summary>What the page shows.</summary>
    public static RunView View(RunReport report)
    {
        var (results, train) = (report.Results, report.Curve.Train);
        return new RunView
        {
            Name = report.Recipe.Name,
            Languages = Languages(report.Recipe.Data),
            Verdict = new VerdictView(report.Verdict.Headline)
            {
                Word = Word(report.Verdict.Outcome),
                Mood = MoodOf(report.Verdict.Outcome),
                Details = report.Verdict.Details,
            },
            Numbers = KeyNumbers(results),
            BleuSignature = results.BleuSignature,
            Learning = Drawn(
                LossFigure.Of(report.Curve, results.UnigramNll),
                TrainingSignalFigure.GradientNorm.Of(train),
                TrainingSignalFigure.LearningRate.Of(train),
                TrainingSignalFigure.Throughput.Of(train)
            ),
            Sublayers = report.Sublayers is { } measured
                ? Drawn(SublayerFigure.GradientNorm.Of(measured), SublayerFigure.RelativeUpdate.Of(measured))
                : [],
            Diagnoses = Drawn([.. DiagnosisFigure.All.Select(figure => figure.Of(report.Diagnoses))]),
            Omegas = Drawn(
                OmegaFigure.Of(report.Omegas, StackName.Encoder),
                OmegaFigure.Of(report.Omegas, StackName.Decoder)
            ),
            Profile = report.Profile is { } profile ? Profiled(profile, report.From) : null,
            Samples = [.. report.Samples.Select(sample => Sample(sample, report.Recipe.Data))],
            Corpus = report.Data.Count > 0 ? Corpus(report.Data) : null,
            Again = Reproduction.View(report.Commands, report.RecipeYaml, report.Environment),
        };
    }

    private static IReadOnlyList<FigureView> Drawn(params IReadOnlyList<FigureView?> figures) =>
        [.. figures.OfType<FigureView>()];

    private static string Languages(DataOptions data) =>
        data.SourceLanguage.Length > 0 && data.TargetLanguage.Length > 0
            ? $"{data.SourceLanguage} → {data.TargetLanguage}"
            : "";

    private static string Word(RunOutcome outcome) =>
        outcome switch
        {
            RunOutcome.Unknown => "not judged",
            RunOutcome.Stuck => "did not learn",
            RunOutcome.Overfitting => "overfits",
            RunOutcome.NotImproved => "no gain",
            _ => outcome.ToString().ToLowerInvariant(),
        };

    private static Mood MoodOf(RunOutcome outcome) =>
        outcome switch
        {
            RunOutcome.Stable => Mood.Good,
            RunOutcome.Unsettled or RunOutcome.Overfitting => Mood.Fair,
            RunOutcome.NotImproved or RunOutcome.Stuck or RunOutcome.Diverged => Mood.Poor,
            _ => Mood.Unknown,
        };

    private static IReadOnlyList<TileView> KeyNumbers(RunResults results) =>
        [
            new("BLEU", Numbers.Bleu(results.Bleu), results.Bleu is null ? "not scored" : "of 100, test set"),
            new(
                "Validation perplexity",
                Numbers.Perplexity(results.ValidationPerplexity),
                results.ValidationNll is null
                    ? "not validated"
                    : $"{Numbers.Loss(results.ValidationNll)} nats per token, final model"
            ),
            new(
                "Training time",
                Numbers.Duration(results.Seconds),
                results.Seconds > 0 ? $"{Numbers.Count(results.Tokens / results.Seconds)} target tokens per second" : ""
            ),
            new("Updates", Numbers.Count(results.Updates), $"{Numbers.RoughCount(results.Tokens)} target tokens"),
            new("Parameters", Numbers.RoughCount(results.Parameters)),
        ];

    private static ProfileView Profiled(AdminProfile profile, BaseModelRecord? from) =>
        new(
            from?.Name ?? "",
            Numbers.Count(profile.SourceTokens + profile.TargetTokens),
            profile.BatchHash,
            Numbers.Plain(profile.Seed),
            profile.Dropout,
            CountsPadding: profile.Padding != PaddingPolicy.Ignore
        );

    private static SampleView Sample(SampleTranslation sample, DataOptions data) =>
        new([
            new("source", sample.Source, Tag(data.SourceLanguage)),
            new("reference", sample.Reference, Tag(data.TargetLanguage)),
            new("translation", sample.Translation, Tag(data.TargetLanguage), IsTranslation: true),
        ]);

    // src and tgt are the names of unnamed languages, and no language tags.
    private static string Tag(string language) =>
        language.Length is 2 or 3 && language.All(char.IsAsciiLetterLower) && language is not ("src" or "tgt")
            ? language
            : "";

    private static TableView Corpus(IReadOnlyList<Ledger> sets)
    {
        var anyChanged = sets.Any(set => set.Changed is not null);
        return new TableView(
            "Sentence pairs of each set",
            [
                "set",
                "sentence pairs kept",
                "dropped",
                new("dropped because", IsText: true),
                new("not translated, scored as empty", IsText: true),
                .. anyChanged ? [new ColumnView("changed when read", IsText: true)] : Array.Empty<ColumnView>(),
            ],
            [
                .. sets.Select(set =>
                    (CellView[])
                        [
                            set.Set,
                            Numbers.Count(set.Kept),
                            Numbers.Count(set.Dropped.Sum(entry => entry.Count)),
                            Reasons(set.Dropped),
                            Reasons(set.Untranslated),
                            .. anyChanged ? [Reasons(set.Changed ?? [])] : Array.Empty<string>(),
                        ]
                ),
            ]
        )
        {
            Kind = "ledger",
        };
    }

    private static string Reasons(IReadOnlyList<LedgerEntry> entries) =>
        entries.Count == 0
            ? Numbers.Missing
            : string.Join(
                ", ",
                entries
                    .OrderBy(entry => entry.Reason, StringComparer.Ordinal)
                    .Select(entry => $"{entry.Reason}: {Numbers.Count(entry.Count)}")
            );
}
