using TransformerClinic.Common;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Reports.Diagnoses;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Workflows.Diagnoses;

namespace TransformerClinic.Comparisons;

/// <summary>
/// Diagnoses the models of a comparison before and after training, each with a page of its own in <c>diagnosis/</c>.
/// </summary>
/// <param name="folder">The comparison's folder.</param>
/// <param name="console">Shows progress.</param>
internal sealed class CandidateExamination(string folder, IRunConsole console)
{
    private const string FolderName = "diagnosis";

    /// <summary>Diagnoses the models of a training that has ended.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public CandidateDiagnosis Of(PlannedTraining planned, CancellationToken stop)
    {
        var run = Path.Combine(folder, planned.Folder);
        var recipe = planned.Recipe;
        var begun = recipe.Training.From.Length > 0;
        var before = Examine(
            planned.Candidate,
            "before",
            new DiagnosisOptions
            {
                // Of the stored text, whose merges need not be learned again.
                Subject = Path.Combine(run, RunFolder.RecipeName),
                Output = "",
                Seeds = begun ? null : [planned.Seed],
                Overrides =
                    begun || recipe.Data.Prepared.Length > 0 ? [] : [$"data.prepared={RunFolder.CorpusOf(folder)}"],
                Updates = 0,
            },
            stop
        );
        var after = Directory.Exists(Path.Combine(run, RunFolder.ModelName))
            ? Examine(
                planned.Candidate,
                "after",
                new DiagnosisOptions
                {
                    Subject = run,
                    Output = "",
                    Updates = 0,
                },
                stop
            )
            : null;
        return new CandidateDiagnosis(before, after);
    }

    private DiagnosedState Examine(Candidate candidate, string when, DiagnosisOptions options, CancellationToken stop)
    {
        var place = Path.Combine(FolderName, candidate.Key, when);
        var found = new DiagnosisRun(options with { Output = Path.Combine(folder, place) }, console).Run(stop);
        StackFindings[] stacks = [found.Encoder, found.Decoder];
        return new DiagnosedState(
            found.Verdict!.Outcome,
            found.Verdict.Headline,
            [.. stacks.Select(StackDiagnosis.Of)],
            [.. stacks.Select(stack => GrowthWords(stack.Growth.Fit.Best))],
            Path.Combine(place, DiagnosisFolder.PageName).Replace('\\', '/')
        );
    }

    private static string GrowthWords(OutputChange? growth) =>
        growth switch
        {
            OutputChange.Linear => "N",
            OutputChange.LogN => "log N",
            OutputChange.Constant => "constant",
            _ => "none of N, log N, constant",
        };
}
