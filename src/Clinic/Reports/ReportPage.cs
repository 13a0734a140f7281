using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reports.Figures;
using TransformerClinic.Reports.Markup;
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
        return Page.Render(
            $"{report.Recipe.Name}: training report",
            [
                Summary(report),
                KeyNumbers(report.Results),
                Page.Section(
                    "learning",
                    "How it learned",
                    "",
                    [
                        Page.Figures([
                            LossFigure.Of(report.Curve, report.Results.UnigramNll),
                            TrainingSignalFigure.GradientNorm.Of(report.Curve.Train),
                            TrainingSignalFigure.LearningRate.Of(report.Curve.Train),
                            TrainingSignalFigure.Throughput.Of(report.Curve.Train),
                        ]),
                    ]
                ),
                Sublayers(report.Sublayers),
                Diagnoses(report.Diagnoses),
                Treatment(report),
                Translations(report),
                Corpus(report.Data),
                Again(report),
            ]
        );
    }

    private static Html Summary(RunReport report)
    {
        var (verdict, data) = (report.Verdict, report.Recipe.Data);
        var languages =
            data.SourceLanguage.Length > 0 && data.TargetLanguage.Length > 0
                ? $" · {data.SourceLanguage} → {data.TargetLanguage}"
                : "";
        return Html.Of(
            $"""
            <header>
            <p class="kind">Training report{languages}</p>
            <h1>{report.Recipe.Name}</h1>
            <p class="verdict"><strong class="badge {Mood(verdict.Outcome)}">{Word(
                verdict.Outcome
            )}</strong> {verdict.Headline}</p>
            {verdict.Details.Select(sentence => Html.Of($"<p>{sentence}</p>"))}
            </header>
            """
        );
    }

    private static string Word(RunOutcome outcome) =>
        outcome switch
        {
            RunOutcome.Unknown => "not judged",
            RunOutcome.Stuck => "did not learn",
            RunOutcome.Overfitting => "overfits",
            RunOutcome.NotImproved => "no gain",
            _ => outcome.ToString().ToLowerInvariant(),
        };

    private static string Mood(RunOutcome outcome) =>
        outcome switch
        {
            RunOutcome.Stable => "good",
            RunOutcome.Unsettled or RunOutcome.Overfitting => "fair",
            RunOutcome.NotImproved or RunOutcome.Stuck or RunOutcome.Diverged => "poor",
            _ => "unknown",
        };

    private static Html KeyNumbers(RunResults results) =>
        Html.Of(
            $"""
            <dl class="tiles">
            {Page.Tile("BLEU", Numbers.Bleu(results.Bleu), results.Bleu is null ? "not scored" : "of 100, test set")}
            {Page.Tile(
                "Validation perplexity",
                Numbers.Perplexity(results.ValidationPerplexity),
                results.ValidationNll is null
                    ? "not validated"
                    : $"{Numbers.Loss(results.ValidationNll)} nats per token, final model"
            )}
            {Page.Tile("Training time", Numbers.Duration(results.Seconds), Speed(results))}
            {Page.Tile(
                "Updates",
                Numbers.Count(results.Updates),
                $"{Numbers.RoughCount(results.Tokens)} target tokens"
            )}
            {Page.Tile("Parameters", Numbers.RoughCount(results.Parameters), "")}
            </dl>
            {(
                results.BleuSignature is { Length: > 0 }
                    ? Html.Of($"""<p class="note signature">BLEU signature: <code>{results.BleuSignature}</code></p>""")
                    : Html.Empty
            )}
            """
        );

    private static string Speed(RunResults results) =>
        results.Seconds > 0 ? $"{Numbers.Count(results.Tokens / results.Seconds)} target tokens per second" : "";

    private static Html Sublayers(LogEntry? measured) =>
        measured is null
            ? Html.Empty
            : Page.Section(
                "sublayers",
                "What moved, sublayer by sublayer",
                "",
                [Page.Figures([SublayerFigure.GradientNorm.Of(measured), SublayerFigure.RelativeUpdate.Of(measured)])]
            );

    private static Html Diagnoses(IReadOnlyList<LogEntry> diagnoses) =>
        Page.Section(
            "diagnoses",
            "How it fared inside",
            diagnoses.Count == 0
                ? ""
                : "The model examined while it trained, on the same batches of the validation set each time, "
                    + "without dropout.",
            [Page.Figures(DiagnosisFigure.All.Select(figure => figure.Of(diagnoses)))]
        );

    private static Html Treatment(RunReport report) =>
        Page.Section(
            "treatment",
            "The treatment: Admin",
            "Admin multiplies the shortcut of every sublayer by a vector, omega. One profiling pass before training "
                + "measures how much each branch adds, and sets omega so that even a very deep Post-LN model starts "
                + "out steady.",
            [
                Page.Figures([
                    OmegaFigure.Of(report.Omegas, StackName.Encoder),
                    OmegaFigure.Of(report.Omegas, StackName.Decoder),
                ]),
                report.Profile is { } profile ? Profiled(profile, report.From) : Html.Empty,
            ]
        );

    private static Html Profiled(AdminProfile profile, BaseModelRecord? from) =>
        Html.Of(
            $"""
            <p class="note">Profiled {(
                from is null ? "" : $"before {from.Name}, which this run began from, was trained: "
            )}on one batch of {Numbers.Count(
                profile.SourceTokens + profile.TargetTokens
            )} tokens (hash <code>{profile.BatchHash}</code>), seed {Numbers.Plain(profile.Seed)}, dropout {(
                profile.Dropout ? "on" : "off"
            )}, padding {(profile.Padding == PaddingPolicy.Ignore ? "left out" : "counted")}.</p>
            """
        );

    private static Html Translations(RunReport report) =>
        Page.Section(
            "translations",
            "What it translates",
            report.Samples.Count > 0 ? "Sentences of the test set, with a human translation and the model's." : "",
            report.Samples.Select(sample =>
                Html.Of(
                    $"""
                    <dl class="sample">
                    {Line("source", sample.Source, report.Recipe.Data.SourceLanguage)}
                    {Line("reference", sample.Reference, report.Recipe.Data.TargetLanguage)}
                    {Line("translation", sample.Translation, report.Recipe.Data.TargetLanguage)}
                    </dl>
                    """
                )
            )
        );

    private static Html Line(string name, string sentence, string language) =>
        Html.Of(
            $"""
            <dt>{name}</dt><dd class="{name}" dir="auto"{Language(language)}>{(
                sentence.Length > 0 ? Html.Of($"{sentence}") : Html.Of($"""<em>empty</em>""")
            )}</dd>
            """
        );

    // src and tgt are the names of unnamed languages, and no language tags.
    private static Html Language(string tag) =>
        tag.Length is 2 or 3 && tag.All(char.IsAsciiLetterLower) && tag is not ("src" or "tgt")
            ? Html.Of($" lang=\"{tag}\"")
            : Html.Empty;

    private static Html Corpus(IReadOnlyList<Ledger> sets) =>
        Page.Section(
            "corpus",
            "What it learned from",
            "",
            sets.Count == 0
                ? []
                :
                [
                    new Table(
                        [
                            "set",
                            "sentence pairs kept",
                            "dropped",
                            "dropped because",
                            "not translated, scored as empty",
                            .. sets.Any(IsChanged) ? ["changed when read"] : Array.Empty<string>(),
                        ],
                        [
                            .. sets.Select(set =>
                                (string[])
                                    [
                                        set.Set,
                                        Numbers.Count(set.Kept),
                                        Numbers.Count(set.Dropped.Sum(entry => entry.Count)),
                                        Reasons(set.Dropped),
                                        Reasons(set.Untranslated),
                                        .. sets.Any(IsChanged) ? [Reasons(set.Changed ?? [])] : Array.Empty<string>(),
                                    ]
                            ),
                        ]
                    ).Render("ledger"),
                ]
        );

    private static bool IsChanged(Ledger set) => set.Changed is not null;

    private static string Reasons(IReadOnlyList<LedgerEntry> entries) =>
        entries.Count == 0
            ? Numbers.Missing
            : string.Join(
                ", ",
                entries
                    .OrderBy(entry => entry.Reason, StringComparer.Ordinal)
                    .Select(entry => $"{entry.Reason}: {Numbers.Count(entry.Count)}")
            );

    private static Html Again(RunReport report) =>
        Page.Section(
            "again",
            "How to reproduce it",
            "",
            [
                Page.Listing("Commands", report.Commands, open: true),
                Page.Listing("Recipe", [report.RecipeYaml]),
                Page.Listing("Machine and versions", report.Environment),
            ]
        );
}
