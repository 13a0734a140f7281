using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Common;
using TransformerClinic.Pages;
using TransformerClinic.Pages.Dashboard;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Pages.Live;
using TransformerClinic.Runs;
using TransformerClinic.Web.Runs;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Dashboard;

/// <summary>The pages of runs.</summary>
internal static class RunPages
{
    private const string Script = "run.js";

    /// <summary>A report brings its styles with it; nothing in it runs, and nothing is loaded.</summary>
    private const string ReportPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox";

    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ServicePage.Runs, List).AsReadingPage();
        routes.MapGet(ServicePage.Runs + "/{id}", Run).AsReadingPage();
        routes.MapGet(ServicePage.Runs + "/{id}/offending/{name}", Batch).AsReadingPage();
        routes.MapGet(ServicePage.Runs + "/{id}/report", Report).AsReadingPage();
        routes.MapGet(ServicePage.Compare, Compare).AsReadingPage();
    }

    private static IResult List(RunCatalog catalog, RunReader reader)
    {
        List<RunDescription> runs = [.. catalog.Runs.Select(reader.Describe)];
        var working = runs.Count(run => run.Status == RunStatus.Working);
        return ServicePage.Of<RunListPage, RunListView>(
            "Runs",
            ServicePage.Runs,
            new RunListView(
                RunTables.All(runs, [], catalog.IsShown),
                $"{Numbers.Count(runs.Count)} {(runs.Count == 1 ? "run" : "runs")}, {Numbers.Count(working)} at work. "
                    + "Choose several to compare them."
            ),
            "list.js"
        );
    }

    private static IResult Run(string id, RunCatalog catalog, RunReader reader)
    {
        var place = RunSelection.One(catalog, id);
        var run = reader.Describe(place);
        var log = LogLines.All(place);
        var history = TranslationHistory.Of(place);
        return ServicePage.Of<LiveRunPage, LiveRunView>(
            id,
            ServicePage.Runs,
            new LiveRunView(RunWords.Name(run))
            {
                Kind = RunWords.Kind(run) is { Length: > 0 } kind ? kind : "Run",
                Verdict = RunWords.Verdict(run),
                Numbers = RunWords.Tiles(run),
                Charts = RunCurves.Of(new RunCurves.Drawn(place, LogCurve.Of(log))),
                Incidents = RunTables.Incidents(id, log),
                Translations = TranslationSamples.Of(history, run),
                TranslationsNote = TranslationSamples.Note(history),
                Links =
                [
                    new NavigationLink("Compare it with others", RunAddress.Compare(id)),
                    .. File.Exists(Path.Combine(place.Folder, RunFolder.ReportName))
                        ? [new NavigationLink("Its report", RunAddress.Report(id))]
                        : (NavigationLink[])[],
                ],
            },
            Script
        );
    }

    private static IResult Batch(string id, string name, RunCatalog catalog)
    {
        var batch =
            OffendingBatchReader.Read(RunSelection.One(catalog, id), name)
            ?? throw new Refusal(StatusCodes.Status404NotFound, "The run has kept no such batch.", "run");
        return ServicePage.Of<OffendingBatchPage, OffendingBatchView>(
            name,
            ServicePage.Runs,
            new OffendingBatchView(name, new NavigationLink($"The run {id}", RunAddress.Page(id)))
            {
                Verdict = new VerdictView(Found(batch)) { Word = batch.Treatment.Replace('-', ' '), Mood = Mood.Poor },
                Numbers =
                [
                    new TileView("Update", Numbers.Count(batch.Update)),
                    .. batch.Batches.Select(kept => new TileView(
                        "Pairs",
                        Numbers.Count(kept.Examples),
                        $"epoch {kept.Epoch}, SHA-256 {kept.Hash[..Math.Min(12, kept.Hash.Length)]}"
                    )),
                    .. batch.UndoneLines > 0
                        ? [new TileView("Lines of the log undone", Numbers.Count(batch.UndoneLines))]
                        : (TileView[])[],
                ],
                Pairs = new TableView(
                    "The pairs of the batch",
                    ["pair", new ColumnView("source", IsText: true), new ColumnView("target", IsText: true)],
                    [
                        .. batch.Rows.Select(
                            (row, i) => (IReadOnlyList<CellView>)[Numbers.Count(i + 1), row.Source, row.Target]
                        ),
                    ]
                )
                {
                    Kind = "ledger",
                    Note =
                        batch.AllRows > batch.Rows.Count
                            ? $"{batch.Rows.Count} of {Numbers.Count(batch.AllRows)} pairs; all are in batch.tsv."
                            : "",
                },
            }
        );
    }

    private static string Found(OffendingBatchDescription batch)
    {
        var words = batch.Where.Length > 0 ? $"{batch.Cause}; {batch.Where}." : $"{batch.Cause}.";
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private static IResult Report(string id, HttpContext context, RunCatalog catalog)
    {
        var place = RunSelection.One(catalog, id);
        var page =
            RunFile.Bytes(Path.Combine(place.Folder, RunFolder.ReportName))
            ?? throw new Refusal(
                StatusCodes.Status404NotFound,
                "The run has no report yet: it is made at its end.",
                "run"
            );
        context.Response.Headers.ContentSecurityPolicy = ReportPolicy;
        return Results.Bytes(page, "text/html; charset=utf-8");
    }

    private static IResult Compare(HttpContext context, RunCatalog catalog, RunReader reader)
    {
        var places = RunSelection.Several(catalog, context.Request.Query);
        var comparison = RunComparison.Of(places, reader);
        var ids = places.Select(place => place.Id).ToList();
        var histories = comparison.Runs.Zip(places.Select(TranslationHistory.Of)).ToList();
        var samples = TranslationSamples.Of(histories);
        return ServicePage.Of<LiveComparisonPage, LiveComparisonView>(
            "Runs compared",
            ServicePage.Compare,
            new LiveComparisonView(ids.Count == 0 ? "Choose two or more runs below." : string.Join(", ", ids))
            {
                Runs = ids.Count == 0 ? null : RunTables.Compared(comparison.Runs),
                Charts =
                    ids.Count == 0
                        ? []
                        : RunCurves.Of([
                            .. places.Select(place => new RunCurves.Drawn(place, LogCurve.Of(LogLines.All(place)))),
                        ]),
                Differences =
                    ids.Count < 2
                        ? null
                        : new RecipeDifferencesView(
                            ids,
                            [
                                .. comparison.Differences.Select(difference => new RecipeDifference(
                                    difference.Key,
                                    [.. difference.Values.Select(value => value ?? "")]
                                )),
                            ]
                        ),
                Translations = samples,
                TranslationsNote =
                    samples.Count == 0
                        ? "There are no sentences that all of these runs have translated yet."
                        : "The same sentences, as each run translated them last.",
                Choice = RunTables.All([.. catalog.Runs.Select(reader.Describe)], ids, catalog.IsShown),
            },
            Script
        );
    }
}
