using TransformerClinic.Common;
using TransformerClinic.Recipes;
using TransformerClinic.Training.Checkpoints;

namespace TransformerClinic.Runs;

/// <summary>A checkpoint as it was found.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Update">Updates made when it was written; null where its state cannot be read.</param>
/// <param name="ValidationLoss">
/// Validation loss at this very update, in nats per target token; null if it was not measured.
/// </param>
/// <param name="Bytes">The bytes of all files in its folder.</param>
/// <param name="KeptBecause">
/// Why the run keeps it; empty where that is not known, or nothing does and it will go.
/// </param>
/// <param name="Damage">What is wrong with it; null for nothing.</param>
/// <param name="Surplus">Files in its folder that are not its own; they do no harm.</param>
internal sealed record ListedCheckpoint(
    string Folder,
    long? Update,
    double? ValidationLoss,
    long Bytes,
    IReadOnlyList<KeptBecause> KeptBecause,
    string? Damage,
    IReadOnlyList<string> Surplus
);

/// <summary>The checkpoints of a run, oldest first, as <c>clinic checkpoints</c> lists them.</summary>
/// <param name="Verified">Whether hashes were checked; otherwise only what can be seen from state files.</param>
/// <param name="Checkpoints">The checkpoints, those whose state cannot be read first.</param>
internal sealed record CheckpointList(bool Verified, IReadOnlyList<ListedCheckpoint> Checkpoints)
{
    /// <summary>Those that are damaged.</summary>
    public int Damaged => Checkpoints.Count(checkpoint => checkpoint.Damage is not null);

    /// <summary>Lists checkpoints; changes nothing, so the run may be at work.</summary>
    /// <param name="path">A run folder or the folder of one checkpoint.</param>
    /// <param name="verify">Whether to check the hashes, which reads all files.</param>
    /// <exception cref="UserErrorException">It is neither, or the run's recipe cannot be read.</exception>
    public static CheckpointList Of(string path, bool verify)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var run =
            RunOf(folder)
            ?? throw new UserErrorException(
                $"{path}: this is neither a run folder, which holds {RunFolder.RecipeName}, nor a checkpoint in the "
                    + $"{RunFolder.CheckpointsName}/ of one."
            );
        var training = RecipeReader.Read(Path.Combine(run, RunFolder.RecipeName), []).Training;
        var unreadable = new List<ListedCheckpoint>();
        var readable = CheckpointStore.In(
            Path.Combine(run, RunFolder.CheckpointsName),
            (damaged, reason) =>
                unreadable.Add(new ListedCheckpoint(damaged, null, null, Checkpoint.BytesOf(damaged), [], reason, []))
        );
        ListedCheckpoint[] all =
        [
            .. unreadable,
            .. new Retention(training.KeepLast, training.KeepBest)
                .Of(readable)
                .Select(kept => Look(kept.Checkpoint, kept.Because, verify)),
        ];
        return new CheckpointList(
            verify,
            folder == run ? all : [.. all.Where(checkpoint => checkpoint.Folder == folder)]
        );
    }

    private static ListedCheckpoint Look(Checkpoint checkpoint, IReadOnlyList<KeptBecause> because, bool verify) =>
        new(
            checkpoint.Folder,
            checkpoint.Update,
            checkpoint.Content.ValidationLoss,
            Checkpoint.BytesOf(checkpoint.Folder),
            because,
            verify ? checkpoint.Damage() : null,
            checkpoint.Surplus
        );

    private static string? RunOf(string folder)
    {
        var parent = Path.GetDirectoryName(folder);
        return new[]
        {
            folder,
            CheckpointStore.IsName(Path.GetFileName(folder)) ? Path.GetDirectoryName(parent) : null,
        }.FirstOrDefault(run => run is not null && File.Exists(Path.Combine(run, RunFolder.RecipeName)));
    }
}
