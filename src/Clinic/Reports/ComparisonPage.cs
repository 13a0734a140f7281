using TransformerClinic.Common;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reports.Figures;
using TransformerClinic.Reports.Markup;
using TransformerClinic.Runs;

namespace TransformerClinic.Reports;

/// <summary>The page of a comparison: which variants train, how well, and how sure that is.</summary>
internal static class ComparisonPage
{
    /// <summary>The page as one HTML document that loads nothing; the same report gives the same bytes.</summary>
    public static string Render(ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var variants = VariantRuns.Group(report.Runs);
        return Page.Render(
            $"{report.Title}: comparison",
            [
                Summary(report, variants),
                Page.Section(
                    "curves",
                    "How they did",
                    "",
                    [Page.Figures([VariantLossFigure.Of(report, variants), BleuFigure.Of(variants)])]
                ),
                Page.Section(
                    "runs",
                    "Every run",
                    "",
                    report.Runs.Count == 0 ? [] : [RunTable(variants), Signatures(report.Runs)]
                ),
                Page.Section(
                    "again",
                    "How to reproduce it",
                    "",
                    [
                        Page.Listing("Commands", report.Commands, open: true),
                        Page.Listing("Recipe", [report.RecipeYaml]),
                        Page.Listing("Machine and versions", report.Environment),
                    ]
                ),
            ]
        );
    }

    private static Html Summary(ComparisonReport report, IReadOnlyList<VariantRuns> variants)
    {
        var verdict = ComparisonVerdict.Of(report);
        return Html.Of(
            $"""
            <header>
            <p class="kind">Comparison · {Counted(variants.Count, "variant")} · {Counted(report.Runs.Count, "run")}</p>
            <h1>{report.Title}</h1>
            <p class="verdict">{verdict.Headline}</p>
            {verdict.Details.Select(sentence => Html.Of($"<p>{sentence}</p>"))}
            </header>
            """
        );
    }

    private static Html RunTable(IReadOnlyList<VariantRuns> variants)
    {
        var anyFailed = variants.Any(variant => variant.Failed > 0);
        var why = anyFailed ? Html.Of($"""<th scope="col">why it failed</th>""") : Html.Empty;
        return Html.Of(
            $"""
            <div class="scroll" tabindex="0"><table class="runs">
            <thead><tr><th scope="col">variant</th><th scope="col">seed</th><th scope="col">status</th>
            <th scope="col">validation loss</th><th scope="col">perplexity</th><th scope="col">BLEU</th>
            <th scope="col">updates</th><th scope="col">target tokens</th><th scope="col">time</th>{why}</tr></thead>
            <tbody>
            {variants.SelectMany(variant => variant.Runs.Select(run => Row(variant, run, anyFailed)))}
            </tbody></table></div>
            <p class="note">Validation loss: final negative log-likelihood in nats per target token, without label
            smoothing.</p>
            """
        );
    }

    private static Html Row(VariantRuns variant, ReportedRun run, bool withWhy) =>
        Html.Of(
            $"""
            <tr><th scope="row">{new LegendEntry(
                run.Variant,
                variant.Color,
                Swatch.Dot
            ).RenderInline()}</th><td>{Numbers.Plain(run.Seed)}</td><td>{Status(run.Results)}</td><td>{Numbers.Loss(
                run.Results.ValidationNll
            )}</td><td>{Numbers.Perplexity(run.Results.ValidationPerplexity)}</td><td>{Numbers.Bleu(
                run.Results.Bleu
            )}</td><td>{Numbers.Count(run.Results.Updates)}</td><td>{Numbers.RoughCount(
                run.Results.Tokens
            )}</td><td>{Numbers.Duration(run.Results.Seconds)}</td>{(withWhy ? Why(run.Results) : Html.Empty)}</tr>
            """
        );

    private static Html Why(RunResults results) =>
        Html.Of($"""<td class="why">{(results.Failed ? results.Verdict : "")}</td>""");

    private static Html Status(RunResults results) =>
        results.Failed
            ? Html.Of($"""<strong class="badge poor">failed</strong>""")
            : Html.Of($"""<strong class="badge good">trained</strong>""");

    private static Html Signatures(IReadOnlyList<ReportedRun> runs)
    {
        var signatures = runs.Where(run => run.Results is { Bleu: not null, BleuSignature.Length: > 0 })
            .Select(run => run.Results.BleuSignature)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return Html.Join(
            signatures.Select(signature =>
                Html.Of($"""<p class="note signature">BLEU signature: <code>{signature}</code></p>""")
            )
        );
    }

    private static string Counted(int count, string noun) => $"{Numbers.Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
