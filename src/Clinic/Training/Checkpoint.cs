namespace TransformerClinic.Training;

/// <summary>A checkpoint's folder and what its state file says.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Content">Its state file.</param>
public sealed record Checkpoint(string Folder, CheckpointContent Content)
{
    /// <summary>The file of the weights.</summary>
    public string WeightsPath => Path.Combine(Folder, CheckpointStore.WeightsFile);

    /// <summary>Updates made when it was written.</summary>
    public long Update => Content.State.Update;
}

/// <summary>The state file of a checkpoint.</summary>
/// <param name="Format">Version of the layout.</param>
/// <param name="State">Where the training stood.</param>
/// <param name="ValidationLoss">Validation loss at this very update, in nats a target token; null if it was not measured.</param>
/// <param name="Hashes">SHA-256 of the checkpoint's other files.</param>
public sealed record CheckpointContent(int Format, TrainingState State, double? ValidationLoss, IReadOnlyDictionary<string, string> Hashes);
