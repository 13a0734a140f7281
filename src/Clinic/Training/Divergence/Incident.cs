namespace TransformerClinic.Training.Divergence;

/// <summary>What the guard can encounter.</summary>
internal enum IncidentKind
{
    /// <summary>Loss or gradient is not finite.</summary>
    NotFinite,

    /// <summary>Loss or gradient norm is far beyond its recent spread.</summary>
    Jump,

    /// <summary>Weights or optimizer state contain values that are not finite.</summary>
    Weights,

    /// <summary>The loss stays where a model without context is.</summary>
    Plateau,
}

/// <summary>How an incident was treated.</summary>
internal enum Treatment
{
    /// <summary>It was only reported: training continued.</summary>
    Told,

    /// <summary>The update was skipped.</summary>
    Skipped,

    /// <summary>Training returned to a checkpoint.</summary>
    RolledBack,

    /// <summary>Training ended.</summary>
    Stopped,
}

/// <summary>A batch that was being computed when something went wrong.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Hash">SHA-256 of its token ids.</param>
/// <param name="Examples">The examples of the training set, in the order of its rows.</param>
internal sealed record OffendingBatch(int Epoch, string Hash, IReadOnlyList<int> Examples);

/// <summary>Something that the guard encountered.</summary>
/// <param name="Kind">What.</param>
/// <param name="Update">The update that was running, or the last one that ran.</param>
/// <param name="Cause">What was found, in words: the end of a sentence such as <c>update 5: ...</c></param>
/// <param name="Where">In which part of the model, in words; empty if that is unknown.</param>
/// <param name="Batches">The batches that were being computed.</param>
/// <param name="Treatment">How it was treated.</param>
internal sealed record Incident(
    IncidentKind Kind,
    long Update,
    string Cause,
    string Where,
    IReadOnlyList<OffendingBatch> Batches,
    Treatment Treatment
);
