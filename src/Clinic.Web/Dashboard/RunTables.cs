using TransformerClinic.Common;
using TransformerClinic.Pages.Dashboard;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Runs;
using TransformerClinic.Web.Runs;

namespace TransformerClinic.Web.Dashboard;

/// <summary>Runs and what happened in them as tables.</summary>
internal static class RunTables
{
    private static readonly IReadOnlyList<ColumnView> Columns =
    [
        new("how it stands", IsText: true),
        new("model", IsText: true),
        "updates",
        "training time",
        "validation perplexity",
        "BLEU",
    ];

    /// <summary>All runs, of which several can be chosen.</summary>
    public static RunTableView All(IReadOnlyList<RunDescription> runs, IReadOnlyList<string> chosen, bool shown) =>
        new("Runs", Columns, [.. runs.Select(run => Row(run, chosen.Contains(run.Id)))])
        {
            ChoiceAddress = ServicePage.Compare,
            Empty = shown
                ? "There are no runs in the folder yet."
                : "This service shows no runs. Whoever runs it can name a folder of them: clinic serve --runs DIR.",
        };

    /// <summary>Runs in the colors of their lines.</summary>
    public static TableView Compared(IReadOnlyList<RunDescription> runs) =>
        new(
            "The runs",
            [new ColumnView("run", IsText: true), .. Columns],
            [
                .. runs.Select(
                    (run, i) =>
                    {
                        var (color, dashed) = Palette.OfVariant(i);
                        var look = new LegendEntry(run.Id, color, dashed ? Swatch.DashedLine : Swatch.Line).View();
                        return (IReadOnlyList<CellView>)
                            [
                                new CellView(run.Id) { Swatch = look.Swatch, Address = RunAddress.Page(run.Id) },
                                .. Cells(run),
                            ];
                    }
                ),
            ]
        )
        {
            Kind = "runs",
        };

    /// <summary>What the guard encountered; null for nothing.</summary>
    public static TableView? Incidents(string id, IReadOnlyList<LogEntry> log)
    {
        var incidents = log.Where(LogLines.IsIncident).ToList();
        return incidents.Count == 0
            ? null
            : new TableView(
                "What the guard encountered",
                [
                    "update",
                    new ColumnView("what it did", IsText: true),
                    new ColumnView("what it found", IsText: true),
                    new ColumnView("where", IsText: true),
                    new ColumnView("batch", IsText: true),
                ],
                [.. incidents.Select(entry => (IReadOnlyList<CellView>)Row(id, entry))]
            )
            {
                Kind = "ledger",
            };
    }

    private static CellView[] Row(string id, LogEntry entry) =>
        [
            Numbers.Count(entry.Step),
            Did(entry),
            entry.Cause ?? Numbers.Missing,
            entry.Where ?? Numbers.Missing,
            entry.Offending is { } kept
                ? new CellView(NameOf(kept)) { Address = RunAddress.Batch(id, NameOf(kept)) }
                : Numbers.Missing,
        ];

    private static string Did(LogEntry entry) =>
        entry.Kind switch
        {
            LogKind.Skipped => "skipped the update",
            LogKind.Rollback => $"went back to this update (rollback {entry.Rollbacks})",
            LogKind.Stopped => "ended training",
            LogKind.Jump => "only reported a jump",
            _ => "only reported a plateau",
        };

    private static string NameOf(string kept) => kept[(kept.LastIndexOf('/') + 1)..];

    private static RunRow Row(RunDescription run, bool chosen) =>
        new(run.Id, run.Id, RunAddress.Page(run.Id), Cells(run)) { IsChosen = chosen };

    private static CellView[] Cells(RunDescription run)
    {
        var (word, mood) = RunWords.Status(run);
        return
        [
            new CellView(word) { Mood = mood },
            RunWords.Model(run) is { Length: > 0 } model ? model : Numbers.Missing,
            Numbers.Count(run.Updates),
            Numbers.Duration(run.Seconds),
            Numbers.Perplexity(run.ValidationNll is { } nll ? Math.Exp(nll) : null),
            Numbers.Bleu(run.Bleu),
        ];
    }
}
