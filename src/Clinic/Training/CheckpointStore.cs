using System.Globalization;
using TransformerClinic.Files;
using TransformerClinic.Interop;
using TransformerClinic.Model;

namespace TransformerClinic.Training;

/// <summary>
/// The checkpoints of a run, one folder each: <c>update-000500/{model.safetensors, optimizer.safetensors, state.json}</c>. A
/// checkpoint is there whole or not at all, and its hashes are checked when it is read.
/// </summary>
public sealed class CheckpointStore
{
    internal const string WeightsFile = "model.safetensors";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string StateFile = "state.json";
    private const string Prefix = "update-";
    private const string DamagedSuffix = ".damaged";
    private const int Format = 1;

    private readonly string _folder;

    /// <summary>The checkpoints of a folder, which is made if it is not there; leftovers of killed runs are removed.</summary>
    public CheckpointStore(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        AtomicFolder.Sweep(_folder);
    }

    /// <summary>The checkpoints whose state file can be read, oldest first; <paramref name="damaged"/> hears of the others.</summary>
    public IReadOnlyList<Checkpoint> List(Action<string, string>? damaged = null)
    {
        var found = new List<Checkpoint>();
        foreach (var folder in Directory.EnumerateDirectories(_folder, Prefix + "*").Where(folder => !folder.EndsWith(DamagedSuffix, StringComparison.Ordinal)))
        {
            try
            {
                var content = Json.Read<CheckpointContent>(Path.Combine(folder, StateFile));
                if (content.Format != Format)
                {
                    throw new UserErrorException($"{folder}: its format is {content.Format}, this version reads {Format}.");
                }

                found.Add(new Checkpoint(folder, content));
            }
            catch (UserErrorException exception)
            {
                damaged?.Invoke(folder, exception.Message);
            }
        }

        return [.. found.OrderBy(checkpoint => checkpoint.Update)];
    }

    /// <summary>Writes a checkpoint of a trainer.</summary>
    /// <param name="trainer">The trainer.</param>
    /// <param name="model">Its model.</param>
    /// <param name="validationLoss">Validation loss at this update, if it was measured.</param>
    /// <returns>The checkpoint's folder.</returns>
    public string Save(Trainer trainer, Transformer model, double? validationLoss)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{trainer.State.Update:D6}");
        var target = Path.Combine(_folder, name);
        AtomicFolder.Write(target, folder =>
        {
            WriteFile(Path.Combine(folder, WeightsFile), stream => ModuleWeights.Write(stream, model));
            WriteFile(Path.Combine(folder, OptimizerFile), stream => SafetensorsWriter.Write(stream, [
                .. trainer.Optimizer.State.Select(state => ModuleWeights.Source(state.Name, state.Values))]));
            var hashes = new[] { WeightsFile, OptimizerFile }.ToDictionary(file => file, file => ContentHash.OfFile(Path.Combine(folder, file)), StringComparer.Ordinal);
            Json.Write(Path.Combine(folder, StateFile), new CheckpointContent(Format, trainer.State, validationLoss, hashes));
        });
        return target;
    }

    /// <summary>
    /// Puts the newest whole checkpoint back into a trainer. A damaged one is set aside under another name, reported to
    /// <paramref name="damaged"/> (folder, reason), and the one before it is taken.
    /// </summary>
    /// <returns>The checkpoint, or null where there is none at all.</returns>
    /// <exception cref="UserErrorException">There are checkpoints, but all of them are damaged.</exception>
    public Checkpoint? Resume(Trainer trainer, Transformer model, Action<string, string> damaged)
    {
        var broken = new List<(string Folder, string Reason)>();
        Checkpoint? resumed = null;
        foreach (var checkpoint in List((folder, reason) => broken.Add((folder, reason))).Reverse())
        {
            if (Damage(checkpoint) is { } reason)
            {
                broken.Add((checkpoint.Folder, reason));
                continue;
            }

            Put(checkpoint, trainer, model);
            resumed = checkpoint;
            break;
        }

        foreach (var (folder, reason) in broken)
        {
            damaged(folder, reason);
        }

        if (resumed is null && broken.Count > 0)
        {
            throw new UserErrorException(
                $"{_folder}: none of the {broken.Count} checkpoints is whole (the newest: {broken[0].Reason}). Remove the folder to start anew, or name another run folder.");
        }

        foreach (var (folder, _) in broken)
        {
            Directory.Move(folder, Unused(folder + DamagedSuffix));
        }

        return resumed;
    }

    /// <summary>Removes all but the newest <paramref name="keepLast"/> checkpoints and the <paramref name="keepBest"/> with the lowest validation loss.</summary>
    public void Prune(int keepLast, int keepBest)
    {
        var all = List();
        var best = all.Where(checkpoint => checkpoint.Content.ValidationLoss is not null)
            .OrderBy(checkpoint => checkpoint.Content.ValidationLoss)
            .Take(keepBest);
        foreach (var checkpoint in all.Except(all.TakeLast(keepLast)).Except(best))
        {
            Directory.Delete(checkpoint.Folder, recursive: true);
        }
    }

    /// <summary>What is wrong with a checkpoint's files, or null.</summary>
    public static string? Damage(Checkpoint checkpoint)
    {
        foreach (var file in new[] { WeightsFile, OptimizerFile })
        {
            var path = Path.Combine(checkpoint.Folder, file);
            if (!File.Exists(path))
            {
                return $"{file} is missing";
            }

            if (checkpoint.Content.Hashes.GetValueOrDefault(file) != ContentHash.OfFile(path))
            {
                return $"{file} is not what was written (its hash differs)";
            }
        }

        return null;
    }

    private static void Put(Checkpoint checkpoint, Trainer trainer, Transformer model)
    {
        using (var weights = SafetensorsFile.Open(checkpoint.WeightsPath))
        {
            ModuleWeights.Read(weights, checkpoint.WeightsPath, model);
        }

        var optimizerPath = Path.Combine(checkpoint.Folder, OptimizerFile);
        using var optimizer = SafetensorsFile.Open(optimizerPath);
        foreach (var (name, values) in trainer.Optimizer.State)
        {
            ModuleWeights.Read(optimizer, optimizerPath, name, values);
        }

        trainer.Resume(checkpoint.Content.State);
    }

    private static void WriteFile(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        write(stream);
    }

    private static string Unused(string path)
    {
        var free = path;
        for (var i = 2; Directory.Exists(free); i++)
        {
            free = $"{path}-{i}";
        }

        return free;
    }
}
