using System.Globalization;
using Spectre.Console;
using TransformerClinic.Common;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Results;

namespace TransformerClinic.Cli.Output;

/// <summary>Studies and their results on standard output.</summary>
internal static class StudyTables
{
    /// <summary>All studies.</summary>
    public static void WriteList(IReadOnlyList<StudyDescription> studies)
    {
        var table = new Table().AddColumns("study", "place", "claim", "minutes", "hours");
        foreach (var study in studies)
        {
            table.AddRow(
                Markup.Escape(study.Id),
                Markup.Escape(study.Place),
                Markup.Escape(study.Claim),
                study.Minutes.ToString("0.#", CultureInfo.InvariantCulture),
                study.Hours.ToString("0.#", CultureInfo.InvariantCulture)
            );
        }

        var console = SpectreConsole.OnStandardOutput();
        console.Write(table);
        console.WriteLine(
            "minutes: what each takes with --budget minutes on two cores, approximately; hours: with --budget hours."
        );
    }

    /// <summary>A result: verdict, conditions, the paper's numbers next to ours, files.</summary>
    public static void Write(StudyResult result, string folder)
    {
        var console = SpectreConsole.OnStandardOutput();
        console.WriteLine($"{result.Study.Id} {ReproductionDocument.Word(result.Verdict)}: {result.Study.Claim}");
        console.WriteLine(result.Summary);
        var conditions = new Table().AddColumns("condition", "measured", "met");
        foreach (var condition in result.Conditions)
        {
            conditions.AddRow(Markup.Escape(condition.Text), Markup.Escape(condition.Measured), Met(condition.Met));
        }

        console.Write(conditions);
        if (result.Values.Count > 0)
        {
            var values = new Table().AddColumns("", "the paper", "here");
            foreach (var value in result.Values)
            {
                values.AddRow(Markup.Escape(value.Name), Markup.Escape(value.Paper), Markup.Escape(value.Ours));
            }

            console.Write(values);
        }

        var files = Path.Combine(folder, result.Study.Id);
        console.WriteLine($"{Numbers.Fixed(result.Seconds, decimals: 0)} s; files: {files}*");
    }

    private static string Met(bool? met) =>
        met switch
        {
            true => "yes",
            false => "no",
            null => "undecided",
        };
}
