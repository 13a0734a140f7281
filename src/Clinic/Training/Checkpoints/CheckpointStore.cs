using System.Globalization;
using System.Text.RegularExpressions;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Model;

namespace TransformerClinic.Training.Checkpoints;

/// <summary>
/// The checkpoints of a run, one folder each, such as <c>update-000500</c>. A checkpoint is there whole or not at all,
/// and its hashes are checked when it is read.
/// </summary>
internal sealed partial class CheckpointStore
{
    private const string DamagedSuffix = ".damaged";

    private readonly string _folder;

    /// <summary>
    /// The checkpoints of a run that this process works in: the folder is made if it is not there, and leftovers of
    /// killed runs are removed. Others read by <see cref="In"/>.
    /// </summary>
    public CheckpointStore(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        AtomicFolder.Sweep(_folder);
    }

    /// <summary>
    /// The checkpoints whose state file can be read, oldest first; <paramref name="damaged"/> hears of the others.
    /// </summary>
    public IReadOnlyList<Checkpoint> List(Action<string, string>? damaged = null) => In(_folder, damaged);

    /// <summary>The checkpoints in a folder in which a run may be at work; changes nothing.</summary>
    public static IReadOnlyList<Checkpoint> In(string folder, Action<string, string>? damaged = null)
    {
        var found = new List<Checkpoint>();
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [])
        {
            if (FolderName().Match(Path.GetFileName(path)) is not { Success: true } name)
            {
                continue;
            }

            try
            {
                var checkpoint = Checkpoint.Read(path);
                found.Add(
                    checkpoint.Update == long.Parse(name.Groups["update"].ValueSpan, CultureInfo.InvariantCulture)
                        ? checkpoint
                        : throw new UserErrorException(
                            $"its state is that of update {checkpoint.Update}, which its name is not"
                        )
                );
            }
            catch (UserErrorException exception) when (Directory.Exists(path))
            {
                damaged?.Invoke(path, exception.Message);
            }
            catch (UserErrorException)
            {
                // The run has just removed it.
            }
        }

        return [.. found.OrderBy(checkpoint => checkpoint.Update)];
    }

    /// <summary>Whether a folder of this name is a checkpoint; those that were set aside are not.</summary>
    public static bool IsName(string name) => FolderName().IsMatch(name);

    /// <summary>Writes a checkpoint of a trainer.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="model">Its model.</param>
    /// <param name="validationLoss">Validation loss at this update, if it was measured.</param>
    /// <param name="scheduled">Whether every run of the recipe writes one here.</param>
    /// <returns>The checkpoint's folder.</returns>
    public string Save(Trainer trainer, Transformer model, double? validationLoss, bool scheduled = true)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"update-{trainer.State.Update:D6}");
        var target = Path.Combine(_folder, name);
        AtomicFolder.Write(
            target,
            Checkpoint.Contents,
            folder => Checkpoint.Fill(folder, trainer, model, validationLoss, scheduled)
        );
        return target;
    }

    /// <summary>
    /// The newest whole checkpoint. A damaged one is set aside under another name, reported to
    /// <paramref name="damaged"/> (its folder, the reason, the other name), and the one before it is taken.
    /// </summary>
    /// <returns>The checkpoint, or null where there is none at all.</returns>
    /// <exception cref="UserErrorException">There are checkpoints, but all of them are damaged.</exception>
    public Checkpoint? Newest(Action<string, string, string> damaged)
    {
        var broken = new List<(string Folder, string Reason)>();
        var whole = List((folder, reason) => broken.Add((folder, reason)))
            .Reverse()
            .FirstOrDefault(checkpoint =>
            {
                var damage = checkpoint.Damage();
                if (damage is not null)
                {
                    broken.Add((checkpoint.Folder, damage));
                }

                return damage is null;
            });
        if (whole is null && broken.Count > 0)
        {
            throw new UserErrorException(
                $"{_folder}: none of the {broken.Count} checkpoints is whole (for one: {broken[0].Folder}: "
                    + $"{broken[0].Reason}). Remove the folder to start anew, or name another run folder."
            );
        }

        foreach (var (folder, reason) in broken)
        {
            damaged(folder, reason, SetAside(folder, DamagedSuffix));
        }

        return whole;
    }

    /// <summary>
    /// The newest whole checkpoint of the schedule, for a rollback. Others go: a run that was never interrupted would
    /// not have them to go back to.
    /// </summary>
    /// <returns>The checkpoint, or null where there is none; then all stays as it is.</returns>
    /// <exception cref="UserErrorException">There are checkpoints, but all of them are damaged.</exception>
    public Checkpoint? NewestOfSchedule(Action<string, string, string> damaged)
    {
        var all = List();
        if (!all.Any(checkpoint => checkpoint.Content.Scheduled))
        {
            return null;
        }

        foreach (var checkpoint in all.Where(checkpoint => !checkpoint.Content.Scheduled))
        {
            AtomicFolder.Delete(checkpoint.Folder);
        }

        return Newest(damaged);
    }

    /// <summary>Removes the checkpoints that nothing keeps.</summary>
    public void Prune(Retention retention)
    {
        foreach (var (checkpoint, because) in retention.Of(List()))
        {
            if (because.Count == 0)
            {
                AtomicFolder.Delete(checkpoint.Folder);
            }
        }
    }

    private static string SetAside(string folder, string suffix)
    {
        var free = folder + suffix;
        for (var i = 2; Directory.Exists(free); i++)
        {
            free = $"{folder}{suffix}-{i}";
        }

        Directory.Move(folder, free);
        return free;
    }

    [GeneratedRegex(@"\Aupdate-(?<update>\d{6,18})\z")]
    private static partial Regex FolderName();
}
