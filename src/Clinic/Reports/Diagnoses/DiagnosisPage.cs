using TransformerClinic.Common;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Recipes;
using TransformerClinic.Reports.Charts;
using TransformerClinic.Reports.Markup;

namespace TransformerClinic.Reports.Diagnoses;

/// <summary>The page of a diagnosis: what is unstable, the evidence, and the numbers.</summary>
internal static class DiagnosisPage
{
    /// <summary>The page as one HTML document that loads nothing.</summary>
    public static string Render(DiagnosisResults results, IReadOnlyList<Drawing> drawings) =>
        Page.Render(
            $"{results.Name}: diagnosis",
            [
                Summary(results, results.Verdict!),
                Page.Section(
                    "evidence",
                    "The evidence",
                    "",
                    [Html.Of($"""<div class="figures">{drawings.Select(drawing => drawing.Render())}</div>""")]
                ),
                Page.Section(
                    "groups",
                    "Gradients and updates by group",
                    "Root mean square of a number, relative to the largest group. Adam evens out what gradients "
                        + "lack in balance.",
                    [Groups(results)]
                ),
            ]
        );

    private static Html Summary(DiagnosisResults results, DiagnosisVerdict verdict) =>
        Html.Of(
            $"""
            <header>
            <p class="kind">Diagnosis · {Kind(results)}</p>
            <h1>{results.Name}</h1>
            <p class="verdict"><strong class="badge {Mood(
                verdict.Outcome
            )}">{verdict.Outcome.ToString().ToLowerInvariant()}</strong> {verdict.Headline}</p>
            {verdict.Details.Select(sentence => Html.Of($"<p>{sentence}</p>"))}
            </header>
            """
        );

    private static string Kind(DiagnosisResults results) =>
        results switch
        {
            { Course.Update: { } update } => $"a trained model after update {Numbers.Count(update)}",
            { Trained: true } => "a trained model",
            { Seeds.Count: 1 } => "before training, 1 seed",
            _ => $"before training, {Numbers.Count(results.Seeds.Count)} seeds",
        };

    private static string Mood(DiagnosisOutcome outcome) =>
        outcome switch
        {
            DiagnosisOutcome.Sound => "good",
            DiagnosisOutcome.Doubtful => "fair",
            _ => "poor",
        };

    private static Html Groups(DiagnosisResults results)
    {
        var gradients = results.FirstUpdates?.Gradients ?? results.Examinations[0].Gradients.Parameters;
        var updates = results.FirstUpdates is { } made ? ParameterNorms.ByGroup(made.Changes) : [];
        var groups = ParameterNorms.ByGroup(gradients);
        string Relative(IReadOnlyList<GroupNorm> all, ParameterGroup group) =>
            all.FirstOrDefault(norm => norm.Group == group) is { } found
            && all.Max(norm => norm.RootMeanSquare) is > 0 and var largest
                ? Numbers.ThreeDigits(found.RootMeanSquare / largest)
                : Numbers.Missing;
        return new Table(
            ["group", "numbers", "gradient", "update"],
            [
                .. groups.Select(group =>
                    (string[])
                        [
                            RecipeKey.Format(group.Group).Replace('-', ' '),
                            Numbers.Count(group.Elements),
                            Relative(groups, group.Group),
                            Relative(updates, group.Group),
                        ]
                ),
            ]
        ).Render();
    }
}
