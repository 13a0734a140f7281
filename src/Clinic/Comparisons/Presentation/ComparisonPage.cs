using TransformerClinic.Common;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Pages.Reports;
using TransformerClinic.Reports;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Comparisons.Presentation;

/// <summary>The page of a comparison: which variants train, how well, and how sure that is.</summary>
internal static class ComparisonPage
{
    /// <summary>The page as one HTML document that loads nothing; the same report gives the same bytes.</summary>
    public static string Render(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return PageRenderer.Render<Pages.Reports.ComparisonPage, ComparisonView>(
            $"{report.Title}: comparison",
            View(report)
        );
    }

    /// <summary>What the page shows.</summary>
    public static ComparisonView View(ComparisonReport report)
    {
        var variants = VariantRuns.Group(report);
        var ranking = report.Ranking;
        var verdict = ComparisonVerdict.Of(report);
        return new ComparisonView
        {
            Title = report.Title,
            Variants = Counted(ranking.Count, "variant"),
            RunCount = Counted(report.Runs.Count, "run"),
            Verdict = new VerdictView(verdict.Headline) { Details = verdict.Details },
            Ranking = ranking.Count > 0 ? RankingTables.Ranking(ranking, variants) : null,
            Choices = RankingTables.Choices(ranking),
            Figures =
            [
                .. new[]
                {
                    RankingFigure.Of(ranking, variants),
                    BleuFigure.Of(variants),
                    VariantLossFigure.Of(report, variants),
                }.OfType<FigureView>(),
            ],
            Search = SearchTable.Of(ranking),
            Diagnoses = CandidateDiagnosisTable.Of(ranking),
            Failures = RankingTables.Failures(ranking),
            Runs = report.Runs.Count > 0 ? RunTable(variants) : null,
            BleuSignatures = Signatures(report.Runs),
            Again = Reports.Reproduction.View(report.Commands, report.RecipeYaml, report.Environment),
        };
    }

    private static TableView RunTable(IReadOnlyList<VariantRuns> variants)
    {
        var anyFailed = variants.Any(variant => variant.Failed > 0);
        return new TableView(
            "Every run",
            [
                "variant",
                "seed",
                "learning rate",
                new("status", IsText: true),
                "validation loss",
                "perplexity",
                "BLEU",
                "updates",
                "target tokens",
                "time",
                .. anyFailed ? [new ColumnView("why it failed", IsText: true)] : Array.Empty<ColumnView>(),
            ],
            [.. variants.SelectMany(variant => variant.Runs.Select(run => Row(variant, run, anyFailed)))]
        )
        {
            Kind = anyFailed ? "runs reasons" : "runs",
            Note = "Validation loss: final negative log-likelihood in nats per target token, without label smoothing.",
        };
    }

    private static CellView[] Row(VariantRuns variant, ReportedRun run, bool withWhy)
    {
        var results = run.Results;
        return
        [
            new(run.Variant) { Swatch = new LegendEntry(run.Variant, variant.Color, Swatch.Dot).View().Swatch },
            Numbers.Plain(run.Seed),
            OptionKey.Format(run.Run.LearningRate),
            results.Failed ? new("failed") { Mood = Mood.Poor } : new("trained") { Mood = Mood.Good },
            Numbers.Loss(results.ValidationNll),
            Numbers.Perplexity(results.ValidationPerplexity),
            Numbers.Bleu(results.Bleu),
            Numbers.Count(results.Updates),
            Numbers.RoughCount(results.Tokens),
            Numbers.Duration(results.Seconds),
            .. withWhy ? [results.Failed ? results.Verdict ?? "" : ""] : Array.Empty<string>(),
        ];
    }

    private static IReadOnlyList<string> Signatures(IReadOnlyList<ReportedRun> runs) =>
        [
            .. runs.Select(run => run.Results)
                .Where(results => results.Bleu is not null)
                .Select(results => results.BleuSignature)
                .OfType<string>()
                .Where(signature => signature.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];

    private static string Counted(int count, string noun) => $"{Numbers.Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
