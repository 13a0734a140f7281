namespace TransformerClinic.Training.Divergence;

/// <summary>What the guard can meet with.</summary>
public enum IncidentKind
{
    /// <summary>Loss or gradient is not finite.</summary>
    NotFinite,

    /// <summary>Loss or gradient norm is far beyond its recent spread.</summary>
    Jump,

    /// <summary>Weights or optimizer state hold values that are not finite.</summary>
    Weights,

    /// <summary>The loss stays where a model without context is.</summary>
    Plateau,
}

/// <summary>What was done about it.</summary>
public enum Treatment
{
    /// <summary>Nothing: training went on as if it had not been.</summary>
    Told,

    /// <summary>The update was not made.</summary>
    Skipped,

    /// <summary>Training went back to a checkpoint.</summary>
    RolledBack,

    /// <summary>Training ended.</summary>
    Stopped,
}

/// <summary>A batch that was at work when something went wrong.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Hash">SHA-256 of its token ids.</param>
/// <param name="Examples">The examples of the training set, in the order of its rows.</param>
public sealed record OffendingBatch(int Epoch, string Hash, IReadOnlyList<int> Examples);

/// <summary>Something that the guard met with.</summary>
/// <param name="Kind">What.</param>
/// <param name="Update">The update that was being made, or the last one made.</param>
/// <param name="Cause">What was found, in words: the end of a sentence such as <c>update 5: ...</c></param>
/// <param name="Where">In which part of the model, in words; empty where that cannot be said.</param>
/// <param name="Batches">The batches that were at work.</param>
/// <param name="Treatment">What was done about it.</param>
public sealed record Incident(
    IncidentKind Kind,
    long Update,
    string Cause,
    string Where,
    IReadOnlyList<OffendingBatch> Batches,
    Treatment Treatment
);
