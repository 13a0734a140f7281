using System.Globalization;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies;

namespace TransformerClinic.Reproduction.Results;

/// <summary>
/// <c>docs/reproduction.md</c>: every study with claim, criterion, verdict, numbers, figures, seeds and command, made
/// only from stored results.
/// </summary>
public static class ReproductionDocument
{
    /// <summary>Introduces the studies that have no result yet.</summary>
    internal const string WithoutResult = "Stated, but without a result here yet:";

    private const string Name = "reproduction.md";
    private const string Introduction =
        "The claims of \"Understanding the Difficulty of Training Transformers\" (Liu et al. 2020) and of its "
        + "successors, tested on small models. Each is a sentence that can be wrong, with a criterion stated before "
        + "the run. A claim that does not hold at this scale is reported as such.";
    private const string Origin =
        "This page is written by the last command from [data/reproduction](data/reproduction) and is not edited by "
        + "hand. The same command on the same kind of machine gives the same numbers, however many threads it has. "
        + "On another kind the last digits differ, and with them how close to one another trainings end.";
    private static readonly string DataFolder = Path.Combine("data", "reproduction");
    private static readonly string FigureFolder = Path.Combine("figures", "reproduction");

    /// <summary>
    /// Publishes the results of a folder, if it exists, into a folder of documents, and writes the document of all
    /// published results.
    /// </summary>
    /// <returns>The document's path.</returns>
    /// <exception cref="UserErrorException">There is no result, or a file that a result names is missing.</exception>
    public static string Publish(string output, string documents)
    {
        var data = Path.Combine(documents, DataFolder);
        if (Directory.Exists(output))
        {
            ReproductionFolder.Publish(output, data, Path.Combine(documents, FigureFolder));
        }

        var path = Path.Combine(documents, Name);
        AtomicFile.WriteText(path, Text(data));
        return path;
    }

    /// <summary>The document of the results in a folder.</summary>
    /// <exception cref="UserErrorException">There is no result.</exception>
    public static string Text(string data)
    {
        var results = ReproductionFolder.Read(data);
        if (results.Count == 0)
        {
            throw new UserErrorException(
                $"{data}: there is no study result here. Run some studies first: clinic reproduce all"
            );
        }

        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            # Reproduction

            {MarkdownProse.Wrapped(Introduction)}

            ```
            clinic reproduce list                        # the studies
            clinic reproduce fig4                        # one of them: verdict, numbers, figures
            clinic reproduce all --budget minutes        # all, each at most ten minutes on two cores
            clinic reproduce document                    # this page, from the stored results
            ```

            {MarkdownProse.Wrapped($"{Origin} {Totals(results)}")}

            | study | claim | verdict | time |
            |---|---|---|---|

            """
        );
        foreach (var result in results)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| [{result.Study.Id}](#{result.Study.Id}) | {Cell(result.Study.Claim)} | {Word(result.Verdict)} | "
                    + $"{Numbers.Duration(result.Seconds)} |\n"
            );
        }

        if (
            StudyCatalog.Descriptions.ExceptBy(results.Select(result => result.Study.Id), study => study.Id).ToList() is
            { Count: > 0 } missing
        )
        {
            var names = string.Join(", ", missing.Select(study => $"`{study.Id}` ({study.Title})"));
            text.Append('\n').Append(MarkdownProse.Wrapped($"{WithoutResult} {names}.")).Append('\n');
        }

        foreach (var result in results)
        {
            StudySection.Append(text, result);
        }

        return text.ToString();
    }

    /// <summary>A verdict in words.</summary>
    public static string Word(ClaimVerdict verdict) => RecipeKey.Format(verdict).Replace('-', ' ');

    /// <summary>A text in a row of a table.</summary>
    internal static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Totals(IReadOnlyList<StudyResult> results) =>
        $"{Count(results, ClaimVerdict.Holds)} of {results.Count} claims hold, "
        + $"{Count(results, ClaimVerdict.DoesNotHold)} do not, "
        + $"{Count(results, ClaimVerdict.Inconclusive)} cannot be decided at this scale.";

    private static int Count(IReadOnlyList<StudyResult> results, ClaimVerdict verdict) =>
        results.Count(result => result.Verdict == verdict);
}
