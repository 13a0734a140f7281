using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Recipes;
using TransformerClinic.Training;

namespace TransformerClinic.Runs;

/// <summary>
/// The folder of a run; its layout is a contract (docs/run-folder.md). Only one process at a time may work in it, and
/// only with the recipe that it was begun with.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    /// <summary>The resolved recipe.</summary>
    public const string RecipeName = "recipe.yaml";

    /// <summary>The subword model: learned on the training text, or of the model that the run began from.</summary>
    public const string SubwordsName = "subwords.json";

    /// <summary>The folder of checkpoints.</summary>
    public const string CheckpointsName = "checkpoints";

    /// <summary>The stored training set, unless the recipe names one or runs share it.</summary>
    public const string CorpusName = "corpus";

    /// <summary>The final model.</summary>
    public const string ModelName = "model";

    /// <summary>The page to look at.</summary>
    public const string ReportName = "report.html";

    /// <summary>The training log.</summary>
    public const string LogName = "log.jsonl";

    /// <summary>The results of the run.</summary>
    public const string ResultsName = "results.json";

    /// <summary>What <see cref="UserErrorException.Options"/> call the choice of a run folder.</summary>
    public const string Option = "RunFolder";

    private const string EnvironmentName = "environment.json";

    private readonly RunLock _lock;

    private RunFolder(string path, RunLock held) => (Path, _lock) = (path, held);

    /// <summary>The folder, a full path.</summary>
    public string Path { get; }

    /// <summary>The resolved recipe.</summary>
    public string Recipe => Inside(RecipeName);

    /// <summary>What the run runs on.</summary>
    public string Environment => Inside(EnvironmentName);

    /// <summary>What the run is trained on.</summary>
    public string Data => Inside("data.json");

    /// <summary>The trained model that the run began from; no file for one from initial weights.</summary>
    public string From => Inside(BaseModelRecord.FileName);

    /// <summary>The subword model.</summary>
    public string Subwords => Inside(SubwordsName);

    /// <summary>The training log, one JSON object per line.</summary>
    public string Log => Inside(LogName);

    /// <summary>How sentences of the validation set were translated at each validation.</summary>
    public string ValidationTranslations => Inside(Runs.ValidationTranslations.FileName);

    /// <summary>The folder of checkpoints.</summary>
    public string Checkpoints => Inside(CheckpointsName);

    /// <summary>Batches that the guard against divergence encountered.</summary>
    public string Offending => Inside("offending");

    /// <summary>The final, averaged model.</summary>
    public string Model => Inside(ModelName);

    /// <summary>The results of the run.</summary>
    public string Results => Inside(ResultsName);

    /// <summary>The test set: source, reference, translation, tabs between them.</summary>
    public string Translations => Inside("translations.tsv");

    /// <summary>The page to look at.</summary>
    public string Report => Inside(ReportName);

    /// <summary>Where the run of a folder stores its training set.</summary>
    public static string CorpusOf(string folder) =>
        System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), CorpusName);

    /// <summary>Opens or makes a run folder and writes the resolved recipe into it.</summary>
    /// <exception cref="UserErrorException">
    /// It cannot be made or written to, holds other files or the run of another recipe, or another process works in it.
    /// </exception>
    public static RunFolder Open(string path, Recipe recipe)
    {
        var full = System.IO.Path.GetFullPath(path);
        FolderPath.RefuseFiles(full, path);
        try
        {
            Directory.CreateDirectory(full);
            RefuseStrangers(full, path);

            // Not only after hours of training.
            TrainedModel.Contents.CheckReplaceable(System.IO.Path.Combine(full, ModelName));
            var folder = new RunFolder(full, RunLock.Take(full, path));
            try
            {
                AtomicFolder.Sweep(full); // what a killed run has left half-done
                AtomicFolder.Sweep(folder.Offending);
                folder.KeepRecipe(recipe, path);
                return folder;
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UserErrorException(
                $"{path}: the run folder may not be written to ({exception.Message.TrimEnd('.')}). Name another.",
                exception
            )
            {
                Options = [Option],
            };
        }
    }

    /// <summary>Writes what the run runs on.</summary>
    /// <returns>
    /// In what it differs from what the command before ran on, so that the run may end with other bits.
    /// </returns>
    public IReadOnlyList<string> WriteEnvironment(RunEnvironment environment)
    {
        var changes = Changes(environment);
        Json.Write(Environment, environment);
        return changes;
    }

    /// <summary>Writes what the run is trained on, or checks that it is still the same.</summary>
    /// <exception cref="UserErrorException">The data has changed since the run was begun.</exception>
    public void KeepData(DataRecord record)
    {
        if (File.Exists(Data) && record.ChangesSince(Json.Read<DataRecord>(Data)) is { } changes)
        {
            throw new UserErrorException(
                $"{Path}: the data has changed since this run was begun: {changes}. Put the old files back, name "
                    + "another run folder, or remove this one."
            );
        }

        Json.Write(Data, record);
    }

    /// <summary>Writes which model the run begins from, when it begins.</summary>
    public void KeepBase(BaseModelRecord? model)
    {
        if (model is not null && !File.Exists(From))
        {
            Json.Write(From, model);
        }
    }

    /// <summary>What the run runs on.</summary>
    public RunEnvironment ReadEnvironment() => ReadEnvironment(Path);

    /// <summary>What the run of a folder ran on.</summary>
    public static RunEnvironment ReadEnvironment(string folder) =>
        Json.Read<RunEnvironment>(System.IO.Path.Combine(folder, EnvironmentName));

    /// <summary>What the run is trained on.</summary>
    public DataRecord ReadData() => Json.Read<DataRecord>(Data);

    /// <summary>
    /// The precision that the run was begun with; only a first call chooses, which may take a measurement.
    /// </summary>
    public PrecisionChoice KeepPrecision(Func<PrecisionChoice> choose) => Keep("precision.json", choose);

    /// <summary>
    /// The number of parts of a batch that the run was begun with; only a first call chooses.
    /// </summary>
    public int KeepParts(Func<int> choose) => Keep("parts.json", () => new BatchParts(choose())).Parts;

    /// <summary>
    /// Whether an error tells that the folder is being moved or removed: its log has gone, or a file or folder in it
    /// that this process had just made. Removing goes file by file, so the log may still be there.
    /// </summary>
    public bool IsVanishing(IOException exception) =>
        !File.Exists(Log)
        || (
            exception is FileNotFoundException or DirectoryNotFoundException
            && exception.Message.Contains(Path, StringComparison.Ordinal)
        );

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private IReadOnlyList<string> Changes(RunEnvironment environment)
    {
        try
        {
            return File.Exists(Environment) ? environment.ChangesSince(ReadEnvironment()) : [];
        }
        catch (UserErrorException)
        {
            return ["another version of this program"]; // whose file is another
        }
    }

    /// <summary>A run must not mix its files with those of somebody who mistyped a path.</summary>
    private static void RefuseStrangers(string full, string path)
    {
        var visible = Directory
            .EnumerateFileSystemEntries(full)
            .Select(System.IO.Path.GetFileName)
            .FirstOrDefault(name => name is not ['.', ..]);
        if (visible is not null && !File.Exists(System.IO.Path.Combine(full, RecipeName)))
        {
            throw new UserErrorException(
                $"{path}: this folder holds other files ({visible}, for one) and no {RecipeName}, so it is not a run "
                    + "folder. Name a new or empty one."
            )
            {
                Options = [Option],
            };
        }
    }

    private T Keep<T>(string name, Func<T> choose)
    {
        var file = Inside(name);
        if (File.Exists(file))
        {
            return Json.Read<T>(file);
        }

        var chosen = choose();
        Json.Write(file, chosen);
        return chosen;
    }

    private string Inside(string name) => System.IO.Path.Combine(Path, name);

    private void KeepRecipe(Recipe recipe, string path)
    {
        if (
            File.Exists(Recipe)
            && RecipeChanges.Forbidden(RecipeReader.Read(Recipe, []), recipe) is { Count: > 0 } changes
        )
        {
            throw new UserErrorException(
                $"{path}: this folder holds a run of another recipe: {string.Join("; ", changes)}. Remove "
                    + "this one, or name another folder."
            )
            {
                Options = [Option],
            };
        }

        AtomicFile.WriteText(Recipe, RecipeWriter.Write(recipe));
    }

    /// <summary>How many parts a batch is cut into.</summary>
    private sealed record BatchParts(int Parts);
}
