using System.Globalization;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Reproduction.Claims;

namespace TransformerClinic.Reproduction.Results;

/// <summary>The section of a study in the document.</summary>
internal static class StudySection
{
    private const int FiguresPerRow = 2;

    /// <summary>Appends it.</summary>
    public static void Append(StringBuilder text, StudyResult result)
    {
        var study = result.Study;
        text.Append(
            CultureInfo.InvariantCulture,
            $"""

            ## {study.Id}

            {MarkdownProse.Wrapped($"**{study.Title}** ({study.Place})")}

            {MarkdownProse.Wrapped(study.Claim, "> ")}

            {MarkdownProse.Wrapped($"*Criterion, stated before the run:* {study.Criterion}")}

            {MarkdownProse.Wrapped($"*The paper:* {study.Paper}")}

            {MarkdownProse.Wrapped($"**{Sentence(ReproductionDocument.Word(result.Verdict))}.** {result.Summary}")}

            | condition | measured | met |
            |---|---|---|

            """
        );
        foreach (var condition in result.Conditions)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {ReproductionDocument.Cell(condition.Text)} | {ReproductionDocument.Cell(condition.Measured)} | "
                    + $"{Met(condition)} |\n"
            );
        }

        if (result.Values.Count > 0)
        {
            text.Append("\n| | the paper | here |\n|---|---|---|\n");
        }

        foreach (var value in result.Values)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {ReproductionDocument.Cell(value.Name)} | {ReproductionDocument.Cell(value.Paper)} | "
                    + $"{ReproductionDocument.Cell(value.Ours)} |\n"
            );
        }

        AppendFigures(text, result.Figures);
        if (result.Remarks.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{MarkdownProse.Wrapped(result.Remarks)}\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"""

            {MarkdownProse.Wrapped($"{Settings(result)} Data: {Data(result)}. {Machine(result)}")}

            ```
            {result.Command}
            ```

            """
        );
    }

    private static string Settings(StudyResult result) =>
        $"{string.Join("; ", result.Settings.Select(setting => $"{setting.Name} {setting.Value}"))}; "
        + $"{(result.Seeds.Count == 1 ? "seed" : "seeds")} {string.Join(", ", result.Seeds)}.";

    private static string Data(StudyResult result) =>
        string.Join(
            ", ",
            result
                .Figures.Select(figure => figure.Name)
                .Concat(result.Tables)
                .Select(name => $"[{name}.csv](data/reproduction/{name}.csv)")
                .Append($"[{result.Study.Id}.json](data/reproduction/{result.Study.Id}.json)")
        );

    private static string Machine(StudyResult result) => $"{Numbers.Duration(result.Seconds)} on {result.Machine}.";

    /// <summary>Figures side by side, each with what to look for.</summary>
    private static void AppendFigures(StringBuilder text, IReadOnlyList<StudyFigure> figures)
    {
        foreach (var row in figures.Chunk(FiguresPerRow))
        {
            if (figures.Count == 1)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"\n{MarkdownProse.Wrapped(Image(row[0]))}\n\n{MarkdownProse.Wrapped(row[0].Reading)}\n"
                );
                continue;
            }

            text.Append(
                CultureInfo.InvariantCulture,
                $"\n| {string.Join(" | ", row.Select(Image))} "
                    + $"|\n|{string.Concat(Enumerable.Repeat("---|", row.Length))}\n| "
                    + $"{string.Join(" | ", row.Select(figure => ReproductionDocument.Cell(figure.Reading)))} |\n"
            );
        }
    }

    private static string Image(StudyFigure figure) =>
        $"![{ReproductionDocument.Cell(figure.Title)}](figures/reproduction/{figure.Name}.svg)";

    private static string Met(Condition condition) =>
        condition.Met switch
        {
            true => "yes",
            false => "**no**",
            null => "undecided",
        };

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
