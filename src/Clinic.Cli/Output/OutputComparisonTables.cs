using System.Globalization;
using Spectre.Console;
using TransformerClinic.Common;
using TransformerClinic.Scoring.Significance;
using TransformerClinic.Scoring.Systems;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Output;

/// <summary>
/// A comparison of outputs on standard output: scores, tables by length and frequency, and the sentences that differ
/// most.
/// </summary>
internal static class OutputComparisonTables
{
    public static void Write(OutputComparison comparison)
    {
        var console = SpectreConsole.OnStandardOutput();
        var (first, second) = (comparison.First, comparison.Second);
        Table(
            console,
            ["score", first, second, "difference", "p"],
            comparison.FirstScores.Zip(comparison.SecondScores, ScoreRow)
        );
        foreach (var score in comparison.SecondScores)
        {
            console.WriteLine($"{score.Metric}  {score.Signature}");
        }

        console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{comparison.Lines} sentences: {second} is better in {comparison.Better} and worse in "
                    + $"{comparison.Worse} "
            ) + FormattableString.Invariant($"by {comparison.SentenceMetric}; {comparison.Identical} are identical.")
        );
        console.WriteLine();
        Table(
            console,
            ["words of the source", "sentences", .. comparison.FirstScores.SelectMany(Heads)],
            comparison.ByLength.Select(bucket =>
                (string[])[bucket.Words, Numbers.Plain(bucket.Sentences), .. bucket.Scores.SelectMany(Cells)]
            )
        );
        console.WriteLine();
        Table(
            console,
            ["frequency of the word", "words", $"F1 {first}", $"F1 {second}", "difference"],
            comparison.ByFrequency.Select(bucket =>
                (string[])[bucket.Frequency, Numbers.Plain(bucket.ReferenceWords), .. Cells(bucket.F1)]
            )
        );
        Sentences(console, "largest gains", comparison, comparison.Gains);
        Sentences(console, "largest losses", comparison, comparison.Losses);

        string[] Heads(SystemScore score) => [$"{score.Metric} {first}", $"{score.Metric} {second}", "difference"];
    }

    private static void Sentences(
        IAnsiConsole console,
        string heading,
        OutputComparison comparison,
        IReadOnlyList<SentenceChange> changes
    )
    {
        console.WriteLine();
        console.WriteLine(changes.Count == 0 ? $"{heading}: none" : $"{heading}:");
        var width = new[] { comparison.First.Length, comparison.Second.Length, "reference".Length }.Max();
        foreach (var change in changes)
        {
            var (scores, difference) = (change.Scores, Signed(change.Scores.Difference));
            console.WriteLine(
                $"line {Numbers.Plain(change.Line)}: {scores.Metric} {Numbers.Score(scores.First)} and "
                    + $"{Numbers.Score(scores.Second)}, {difference}"
            );
            (string, string)[] texts =
            [
                ("source", change.Source),
                ("reference", change.Reference),
                (comparison.First, change.First),
                (comparison.Second, change.Second),
            ];
            foreach (var (name, text) in texts)
            {
                console.WriteLine(VisibleText.OnTerminal($"  {name.PadRight(width)}  {text}"));
            }
        }
    }

    private static void Table(IAnsiConsole console, IEnumerable<string> columns, IEnumerable<string[]> rows)
    {
        var table = new Table().AddColumns([.. columns.Select(column => SpectreConsole.Cell(column))]);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => SpectreConsole.Cell(cell))]);
        }

        console.Write(table);
    }

    private static string[] ScoreRow(SystemScore first, SystemScore second) =>
        [
            first.Metric,
            Interval(first),
            Interval(second),
            Signed(second.Score - first.Score),
            second.PValue is { } p ? Numbers.PValue(p) : "",
        ];

    private static string[] Cells(ScorePair scores) =>
        [Numbers.Score(scores.First), Numbers.Score(scores.Second), Signed(scores.Difference)];

    private static string Interval(SystemScore score) =>
        score.Interval is { } width
            ? $"{Numbers.Score(score.Score)} (± {Numbers.Score(width)})"
            : Numbers.Score(score.Score);

    private static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
}
