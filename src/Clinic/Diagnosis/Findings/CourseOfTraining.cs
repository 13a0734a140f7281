using System.Text.Json.Serialization;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// Whether the run of an examined model learned: what a diagnosis begins with, so that it and the run's report agree.
/// </summary>
/// <param name="Outcome">In one word.</param>
/// <param name="Verdict">In a sentence that begins with the model.</param>
/// <param name="Source">The file of the run folder that says so.</param>
/// <param name="Update">The update that the examined checkpoint was written at; null for a run's final model.</param>
internal sealed record CourseOfTraining(RunOutcome Outcome, string Verdict, string Source, long? Update = null)
{
    /// <summary>
    /// Whether it learned to translate, or learned more where it began from a model that could already.
    /// </summary>
    [JsonIgnore]
    public bool Learned => Outcome is RunOutcome.Stable or RunOutcome.Unsettled or RunOutcome.Overfitting;

    /// <summary>Whether it did not, or lost what it had learned.</summary>
    [JsonIgnore]
    public bool Failed => Outcome is RunOutcome.Stuck or RunOutcome.Diverged;
}
