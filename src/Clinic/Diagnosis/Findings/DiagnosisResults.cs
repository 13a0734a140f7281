using System.Text.Json.Serialization;
using TransformerClinic.Diagnosis.Depth;
using TransformerClinic.Model;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// What a diagnosis found, as <c>diagnosis.json</c> holds it; all that was measured is in the tables next to it.
/// </summary>
internal sealed record DiagnosisResults
{
    /// <summary>The recipe's or model's name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Whether the model was trained, as is one that a recipe starts from; otherwise it is as a recipe's training would
    /// begin.
    /// </summary>
    public required bool Trained { get; init; }

    /// <summary>Whether its training went well, by what its run says; null of a recipe.</summary>
    public CourseOfTraining? Course { get; init; }

    /// <summary>The model's shape.</summary>
    public required ModelOptions Model { get; init; }

    /// <summary>Seeds of the models.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>Seconds that it took.</summary>
    [JsonIgnore]
    public double Seconds { get; init; }

    /// <summary>The encoder.</summary>
    public required StackFindings Encoder { get; init; }

    /// <summary>The decoder.</summary>
    public required StackFindings Decoder { get; init; }

    /// <summary>
    /// How the output change would grow with Admin's connections in the stacks that are Post-LN; null unless it grows
    /// as N in one of them.
    /// </summary>
    public StackGrowth? WithAdmin { get; init; }

    /// <summary>
    /// Whether the recipe will train, seed by seed; empty for a trained model and for stochastic gradient descent.
    /// </summary>
    public IReadOnlyList<TrainingPrediction> Predictions { get; init; } = [];

    /// <summary>The recipe's first updates, of the first seed; null where none were made.</summary>
    public FirstUpdates? FirstUpdates { get; init; }

    /// <summary>How often the log of the model's run spikes; null of a recipe, and of a short log.</summary>
    public SpikeScore? Spikes { get; init; }

    /// <summary>What each sublayer of a trained model is worth; empty for one that is not trained.</summary>
    [JsonIgnore]
    public IReadOnlyList<SublayerRemoval> Removals { get; init; } = [];

    /// <summary>The same in words.</summary>
    public DiagnosisVerdict? Verdict { get; init; }

    /// <summary>All that was measured, model by model.</summary>
    [JsonIgnore]
    public IReadOnlyList<Examination> Examinations { get; init; } = [];
}

/// <summary>Growth of the output change in both stacks.</summary>
/// <param name="Encoder">The encoder's.</param>
/// <param name="Decoder">The decoder's.</param>
internal sealed record StackGrowth(GrowthEvidence Encoder, GrowthEvidence Decoder);
