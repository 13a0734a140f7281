using TransformerClinic.Files;

namespace TransformerClinic.Runs;

/// <summary>
/// The folder of a run; its layout is a contract (docs/run-folder.md). Only one process at a time may work in it, and only
/// with the recipe that it was begun with.
/// </summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>The resolved recipe.</summary>
    public const string RecipeName = "recipe.yaml";

    /// <summary>The subword model that was learned on the training text.</summary>
    public const string SubwordsName = "subwords.json";

    /// <summary>The folder of checkpoints.</summary>
    public const string CheckpointsName = "checkpoints";

    /// <summary>The final model.</summary>
    public const string ModelName = "model";

    /// <summary>The page to look at.</summary>
    public const string ReportName = "report.html";

    private const string LockName = ".lock";

    // What may change between one command and the next: how long to train, what to keep and how to look at the result.
    private static readonly string[] Changeable =
    [
        "name", "device", "threads", "data.obtain", "data.train", "data.valid", "data.test", "decoding.",
        "training.maxUpdates", "training.maxMinutes", "training.logEvery", "training.validateEvery", "training.checkpointEvery",
        "training.keepLast", "training.keepBest", "training.average",
    ];

    private readonly FileStream _lock;

    private RunFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The training log, one JSON object a line.</summary>
    public string Log => Inside("log.jsonl");

    /// <summary>The folder of checkpoints.</summary>
    public string Checkpoints => Inside(CheckpointsName);

    /// <summary>The final, averaged model.</summary>
    public string Model => Inside(ModelName);

    /// <summary>The subword model.</summary>
    public string Subwords => Inside(SubwordsName);

    /// <summary>What the run came to.</summary>
    public string Results => Inside("results.json");

    /// <summary>The test set: source, reference, translation, tabs between them.</summary>
    public string Translations => Inside("translations.tsv");

    /// <summary>The page to look at.</summary>
    public string Report => Inside(ReportName);

    private string Environment => Inside("environment.json");

    private string Data => Inside("data.json");

    /// <summary>Opens or makes a run folder and writes the resolved recipe into it.</summary>
    /// <exception cref="UserErrorException">It is not a folder, holds the run of another recipe, or another process works in it.</exception>
    public static RunFolder Open(string path, Recipe recipe)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (File.Exists(full))
        {
            throw new UserErrorException($"{path}: the run folder is a file. Name another with --run.");
        }

        Directory.CreateDirectory(full);
        var folder = new RunFolder(full, Hold(full, path));
        try
        {
            folder.KeepRecipe(recipe, path);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Writes what the run runs on.</summary>
    public void WriteEnvironment(RunEnvironment environment) => Json.Write(Environment, environment);

    /// <summary>Writes what the run is trained on, or checks that it is still the same.</summary>
    /// <exception cref="UserErrorException">The data has changed since the run was begun.</exception>
    public void KeepData(DataRecord record)
    {
        if (File.Exists(Data))
        {
            var begun = Json.Read<DataRecord>(Data);
            var changed = begun.Hashes.Except(record.Hashes).Concat(record.Hashes.Except(begun.Hashes)).Select(hash => hash.Key).Distinct().ToList();
            if (changed.Count > 0)
            {
                throw new UserErrorException($"{Path}: the data has changed since this run was begun ({string.Join(", ", changed)}). Name another run folder with --run.");
            }
        }

        Json.Write(Data, record);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string folder, string path)
    {
        try
        {
            // Held open, not left behind: the system lets go of it when the process ends, however it ends.
            return new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(System.IO.Path.Combine(folder, LockName)) && !exception.Message.StartsWith("Read-only", StringComparison.Ordinal))
        {
            throw new UserErrorException($"{path}: another process is working in this run folder.", exception);
        }
    }

    private string Inside(string name) => System.IO.Path.Combine(Path, name);

    private void KeepRecipe(Recipe recipe, string path)
    {
        var file = Inside(RecipeName);
        if (File.Exists(file))
        {
            var (begun, now) = (RecipeSchema.Values(RecipeReader.Read(file, [])), RecipeSchema.Values(recipe));
            var changed = now.Where(value => !value.Value.Equals(begun[value.Key]) && !Changeable.Any(key => value.Key == key || (key.EndsWith('.') && value.Key.StartsWith(key, StringComparison.Ordinal)))).ToList();
            if (changed.Count > 0)
            {
                var differences = string.Join(", ", changed.Select(value => $"{value.Key} was {RecipeKey.Format(begun[value.Key])} and is now {RecipeKey.Format(value.Value)}"));
                throw new UserErrorException($"{path}: this folder holds a run of another recipe: {differences}. Name another folder with --run, or remove this one.");
            }
        }

        AtomicFile.WriteText(file, RecipeWriter.Write(recipe));
    }
}
