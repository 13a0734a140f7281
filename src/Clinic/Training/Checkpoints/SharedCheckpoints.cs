using TransformerClinic.Common;
using TransformerClinic.Distribution;
using TransformerClinic.Model;
using TransformerClinic.Training.Distributed;

namespace TransformerClinic.Training.Checkpoints;

/// <summary>
/// The checkpoints of a training, whichever of its processes asks: the first one reads and writes them, and the others
/// send and get what is theirs. All processes call the same in the same order.
/// </summary>
/// <param name="store">The checkpoints on disk; null in all processes but the first.</param>
/// <param name="group">The processes; null for only this one.</param>
internal sealed class SharedCheckpoints(CheckpointStore? store, ProcessGroup? group = null)
{
    private readonly ProcessGroup _group = group ?? new SingleProcess();

    /// <summary>Writes a checkpoint; the others wait until it is on the disk.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="model">Its model.</param>
    /// <param name="validationLoss">Validation loss at this update, if it was measured.</param>
    /// <param name="scheduled">Whether every run of the recipe writes one here.</param>
    /// <exception cref="ProcessGroupException">It took longer than the group's patience.</exception>
    public void Save(Trainer trainer, Transformer model, double? validationLoss, bool scheduled)
    {
        if (store is null)
        {
            Checkpoint.Send(trainer);
        }
        else
        {
            store.Save(trainer, model, validationLoss, scheduled);
        }

        _group.Meet($"the end of the checkpoint of update {trainer.State.Update}");
    }

    /// <summary>
    /// Puts the newest whole checkpoint back into the trainers of all processes; see
    /// <see cref="CheckpointStore.Newest"/>.
    /// </summary>
    /// <returns>Whether there was one, and its folder in the first process.</returns>
    /// <exception cref="UserErrorException">There are checkpoints, but all of them are damaged.</exception>
    public (bool Found, string? Folder) Resume(
        Trainer trainer,
        Transformer model,
        Action<string, string, string> damaged
    ) => PutBack(trainer, model, first => first.Newest(damaged));

    /// <summary>
    /// Puts the newest whole checkpoint of the schedule back into the trainers of all processes; see
    /// <see cref="CheckpointStore.NewestOfSchedule"/>.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="UserErrorException">There are checkpoints, but all of them are damaged.</exception>
    public bool GoBack(Trainer trainer, Transformer model, Action<string, string, string> damaged) =>
        PutBack(trainer, model, first => first.NewestOfSchedule(damaged)).Found;

    /// <summary>Removes the checkpoints that nothing keeps.</summary>
    public void Prune(Retention retention) => store?.Prune(retention);

    private (bool Found, string? Folder) PutBack(
        Trainer trainer,
        Transformer model,
        Func<CheckpointStore, Checkpoint?> find
    )
    {
        Checkpoint? found = null;
        var state = Agreement.OfFirst(
            _group,
            () =>
            {
                found = find(store!);
                return found?.Content.State;
            }
        );
        if (state is null)
        {
            return (false, null);
        }

        if (found is null)
        {
            Checkpoint.Receive(trainer, state);
        }
        else
        {
            found.PutInto(trainer, model);
        }

        return (true, found?.Folder);
    }
}
