using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Reports.Figures;
using TransformerClinic.Reports.Markup;
using TransformerClinic.Runs;

namespace TransformerClinic.Reports;

/// <summary>The page of one run: what came out, how it learned, what it translates, and how to make it again.</summary>
public static class ReportPage
{
    /// <summary>The page as one HTML document that loads nothing; the same report gives the same bytes.</summary>
    public static string Render(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Page.Render(
            $"{report.Title}: training report",
            [
                Summary(report),
                KeyNumbers(report.Results),
                Page.Section(
                    "learning",
                    "How it learned",
                    "",
                    [
                        Page.Figures([
                            LossFigure.Of(report.Curve, report.UnigramLoss),
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
        var verdict = RunVerdict.Of(report);
        var languages =
            report.SourceLanguage.Length > 0 && report.TargetLanguage.Length > 0
                ? $" · {report.SourceLanguage} → {report.TargetLanguage}"
                : "";
        return Html.Of(
            $"""
            <header>
            <p class="kind">Training report{languages}</p>
            <h1>{report.Title}</h1>
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

    private static Html KeyNumbers(ReportedResults results) =>
        Html.Of(
            $"""
            <dl class="tiles">
            {Page.Tile("BLEU", Numbers.Bleu(results.Bleu), results.Bleu is null ? "not scored" : "of 100, test set")}
            {Page.Tile(
                "Validation perplexity",
                Numbers.Perplexity(results.ValidPerplexity),
                results.ValidNll is null
                    ? "not validated"
                    : $"{Numbers.Loss(results.ValidNll)} nats per token, final model"
            )}
            {Page.Tile("Training time", Numbers.Duration(results.TrainingSeconds), Speed(results))}
            {Page.Tile(
                "Updates",
                Numbers.Count(results.Updates),
                $"{Numbers.RoughCount(results.TargetTokens)} target tokens"
            )}
            {Page.Tile("Parameters", Numbers.RoughCount(results.Parameters), "")}
            </dl>
            {(
                results.BleuSignature.Length > 0
                    ? Html.Of($"""<p class="note signature">BLEU signature: <code>{results.BleuSignature}</code></p>""")
                    : Html.Empty
            )}
            """
        );

    private static string Speed(ReportedResults results) =>
        results.TrainingSeconds > 0
            ? $"{Numbers.Count(results.TargetTokens / results.TrainingSeconds)} target tokens per second"
            : "";

    private static Html Sublayers(MeasuredSublayers? measured) =>
        measured is null
            ? Html.Empty
            : Page.Section(
                "sublayers",
                "What moved, sublayer by sublayer",
                "",
                [Page.Figures([SublayerFigure.GradientNorm.Of(measured), SublayerFigure.RelativeUpdate.Of(measured)])]
            );

    private static Html Diagnoses(IReadOnlyList<DiagnosedUpdate> diagnoses) =>
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
                report.Profiling is { } profiling ? Profiled(profiling, report.From) : Html.Empty,
            ]
        );

    private static Html Profiled(ProfilingProvenance profiling, BaseModelRecord? from) =>
        Html.Of(
            $"""
            <p class="note">Profiled {(
                from is null ? "" : $"before {from.Name}, which this run began from, was trained: "
            )}on one batch of {Numbers.Count(
                profiling.Tokens
            )} tokens (hash <code>{profiling.BatchHash}</code>), seed {Numbers.Plain(profiling.Seed)}, dropout {(
                profiling.Dropout ? "on" : "off"
            )}, padding {(profiling.Padding == Training.PaddingPolicy.Ignore ? "left out" : "counted")}.</p>
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
                    {Line("source", sample.Source, report.SourceLanguage)}
                    {Line("reference", sample.Reference, report.TargetLanguage)}
                    {Line("translation", sample.Translation, report.TargetLanguage)}
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

    private static Html Corpus(IReadOnlyList<SetLedger> sets) =>
        Page.Section(
            "corpus",
            "What it learned from",
            "",
            sets.Count == 0
                ? []
                :
                [
                    new Table(
                        ["set", "sentence pairs kept", "dropped", "dropped because", "not translated, scored as empty"],
                        [
                            .. sets.Select(set =>
                                (string[])
                                    [
                                        set.Set,
                                        Numbers.Count(set.Kept),
                                        Numbers.Count(set.DroppedByReason.Values.Sum()),
                                        Reasons(set.DroppedByReason),
                                        Reasons(set.UntranslatedByReason),
                                    ]
                            ),
                        ]
                    ).Render("ledger"),
                ]
        );

    private static string Reasons(IReadOnlyDictionary<string, long> counts) =>
        counts.Count == 0
            ? Numbers.Missing
            : string.Join(
                ", ",
                counts
                    .OrderBy(reason => reason.Key, StringComparer.Ordinal)
                    .Select(reason => $"{reason.Key}: {Numbers.Count(reason.Value)}")
            );

    private static Html Again(RunReport report) =>
        Page.Section(
            "again",
            "How to make it again",
            "",
            [
                Page.Listing("Commands", report.Commands, open: true),
                Page.Listing("Recipe", [report.RecipeYaml]),
                Page.Listing("Machine and versions", report.Environment),
            ]
        );
}
