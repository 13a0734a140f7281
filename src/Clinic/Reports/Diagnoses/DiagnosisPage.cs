using TransformerClinic.Common;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Pages.Elements;
using TransformerClinic.Pages.Reports;
using TransformerClinic.Recipes;
using TransformerClinic.Reports.Charts;

namespace TransformerClinic.Reports.Diagnoses;

/// <summary>The page of a diagnosis: what is unstable, the evidence, and the numbers.</summary>
internal static class DiagnosisPage
{
    /// <summary>The page as one HTML document that loads nothing.</summary>
    public static string Render(DiagnosisResults results, IReadOnlyList<Drawing> drawings) =>
        PageRenderer.Render<Pages.Reports.DiagnosisPage, DiagnosisView>(
            $"{results.Name}: diagnosis",
            View(results, results.Verdict!, drawings)
        );

    private static DiagnosisView View(
        DiagnosisResults results,
        DiagnosisVerdict verdict,
        IReadOnlyList<Drawing> drawings
    ) =>
        new()
        {
            Name = results.Name,
            Examined = Kind(results),
            Verdict = new VerdictView(verdict.Headline)
            {
                Word = verdict.Outcome.ToString().ToLowerInvariant(),
                Mood = MoodOf(verdict.Outcome),
                Details = verdict.Details,
            },
            Evidence = [.. drawings.Select(drawing => drawing.View())],
            Groups = Groups(results),
            Depth = DepthTable.View(results),
        };

    private static string Kind(DiagnosisResults results) =>
        results switch
        {
            { Course.Update: { } update } => $"a trained model after update {Numbers.Count(update)}",
            { Trained: true } => "a trained model",
            { Seeds.Count: 1 } => "before training, 1 seed",
            _ => $"before training, {Numbers.Count(results.Seeds.Count)} seeds",
        };

    private static Mood MoodOf(DiagnosisOutcome outcome) =>
        outcome switch
        {
            DiagnosisOutcome.Sound => Mood.Good,
            DiagnosisOutcome.Doubtful => Mood.Fair,
            _ => Mood.Poor,
        };

    private static TableView Groups(DiagnosisResults results)
    {
        var gradients = results.FirstUpdates?.Gradients ?? results.Examinations[0].Gradients.Parameters;
        var updates = results.FirstUpdates is { } made ? ParameterNorms.ByGroup(made.Changes) : [];
        var groups = ParameterNorms.ByGroup(gradients);
        string Relative(IReadOnlyList<GroupNorm> all, ParameterGroup group) =>
            all.FirstOrDefault(norm => norm.Group == group) is { } found
            && all.Max(norm => norm.RootMeanSquare) is > 0 and var largest
                ? Numbers.ThreeDigits(found.RootMeanSquare / largest)
                : Numbers.Missing;
        return new TableView(
            "Gradients and updates by group",
            ["group", "numbers", "gradient", "update"],
            [
                .. groups.Select(group =>
                    (CellView[])
                        [
                            RecipeKey.Format(group.Group).Replace('-', ' '),
                            Numbers.Count(group.Elements),
                            Relative(groups, group.Group),
                            Relative(updates, group.Group),
                        ]
                ),
            ]
        );
    }
}
