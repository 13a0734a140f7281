using TransformerClinic.Diagnosis.Findings;

namespace TransformerClinic.Comparisons;

/// <summary>What was found in a candidate's model before and after training.</summary>
/// <param name="Before">With the initial weights.</param>
/// <param name="After">With the trained ones; null if there is no model.</param>
internal sealed record CandidateDiagnosis(DiagnosedState Before, DiagnosedState? After);

/// <summary>A diagnosis in short.</summary>
/// <param name="Outcome">Its verdict in a word.</param>
/// <param name="Headline">Its verdict in a sentence.</param>
/// <param name="Stacks">What was measured of the encoder and of the decoder.</param>
/// <param name="Growth">How the output change of each stack grows with depth, such as <c>log N</c>.</param>
/// <param name="Page">The page with all of it, inside the comparison's folder.</param>
internal sealed record DiagnosedState(
    DiagnosisOutcome Outcome,
    string Headline,
    IReadOnlyList<StackDiagnosis> Stacks,
    IReadOnlyList<string> Growth,
    string Page
);
