using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Checkpoints;

/// <summary>
/// A checkpoint: the folder <c>{model.safetensors, optimizer.safetensors, state.json, SHA256SUMS}</c>, with
/// <c>ema.safetensors</c> where a moving average of the weights is kept, and what its state file says. Its hashes tell
/// whether it is still what was written.
/// </summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Content">Its state file.</param>
internal sealed record Checkpoint(string Folder, CheckpointContent Content)
{
    private const string WeightsFile = "model.safetensors";
    private const string AverageFile = "ema.safetensors";
    private const string OptimizerFile = "optimizer.safetensors";
    private const string StateFile = "state.json";
    private const int Format = 2;

    /// <summary>What the folder of a checkpoint holds.</summary>
    internal static readonly FolderContents Contents = new(
        "a checkpoint",
        [WeightsFile, OptimizerFile, AverageFile, StateFile, HashList.FileName],
        []
    );

    /// <summary>The file of the weights with which training continues.</summary>
    public string WeightsPath => Path.Combine(Folder, WeightsFile);

    /// <summary>The file of the weights that are handed on: the moving average where one is kept.</summary>
    public string ModelPath => Content.MovingAverage ? Path.Combine(Folder, AverageFile) : WeightsPath;

    /// <summary>Updates made when it was written.</summary>
    public long Update => Content.State.Update;

    /// <summary>Files in its folder that are not its own; they do no harm.</summary>
    public IReadOnlyList<string> Surplus =>
        [
            .. Files(Folder)
                .Select(file => Path.GetRelativePath(Folder, file))
                .Except([.. Hashed(Content.MovingAverage), HashList.FileName])
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The bytes of all files in a checkpoint's folder.</summary>
    public static long BytesOf(string folder) =>
        Files(folder).Sum(file => new FileInfo(file) is { Exists: true } found ? found.Length : 0);

    /// <summary>What is wrong with its files, or null.</summary>
    public string? Damage() => HashList.Damage(Folder, Hashed(Content.MovingAverage));

    /// <summary>Whether a folder is a checkpoint, by its state file.</summary>
    public static bool IsThere(string folder) => File.Exists(Path.Combine(folder, StateFile));

    /// <summary>The checkpoint of a folder; of its files only the state is read.</summary>
    /// <exception cref="UserErrorException">There is no state file that this version reads.</exception>
    public static Checkpoint Read(string folder)
    {
        var path = Path.Combine(folder, StateFile);
        var format = Json.Read<LayoutVersion>(path).Format;
        return format == Format
            ? new Checkpoint(folder, Json.Read<CheckpointContent>(path))
            : throw new UserErrorException($"{folder}: its format is {format}, this version reads {Format}.");
    }

    /// <summary>Fills an empty folder with the checkpoint of a trainer.</summary>
    internal static void Fill(string folder, Trainer trainer, Transformer model, double? validationLoss, bool scheduled)
    {
        WriteFile(Path.Combine(folder, WeightsFile), stream => ModuleWeights.Write(stream, model));
        WriteFile(
            Path.Combine(folder, OptimizerFile),
            stream =>
                SafetensorsWriter.Write(
                    stream,
                    [
                        .. trainer.Optimizer.State.Select(state =>
                            ModuleWeights.Source(
                                state.Name,
                                [trainer.Parameters.Count],
                                () => trainer.Exchange.Whole(state.Values)
                            )
                        ),
                    ]
                )
        );
        if (trainer.MovingAverage is { } average)
        {
            using var scope = NewDisposeScope();
            WriteFile(
                Path.Combine(folder, AverageFile),
                stream =>
                    SafetensorsWriter.Write(
                        stream,
                        [
                            .. Parameters(trainer, average.Values)
                                .Select(part => ModuleWeights.Source(part.Name, part.Values)),
                        ]
                    )
            );
        }

        var content = new CheckpointContent(
            Format,
            scheduled,
            trainer.State,
            validationLoss,
            trainer.MovingAverage is not null
        );
        Json.Write(Path.Combine(folder, StateFile), content);
        HashList.Write(folder, Hashed(content.MovingAverage));
    }

    /// <summary>
    /// Puts weights, optimizer state and place back into a trainer, and into those of the other processes, which
    /// <see cref="Receive"/>.
    /// </summary>
    internal void PutInto(Trainer trainer, Transformer model)
    {
        using (var weights = SafetensorsFile.Open(WeightsPath))
        {
            ModuleWeights.Read(weights, WeightsPath, model);
        }

        trainer.Exchange.Broadcast(trainer.Parameters.Values);

        var optimizerPath = Path.Combine(Folder, OptimizerFile);
        using var optimizer = SafetensorsFile.Open(optimizerPath);
        foreach (var (name, values) in trainer.Optimizer.State)
        {
            trainer.Exchange.Scatter(values, whole => ModuleWeights.Read(optimizer, optimizerPath, name, whole));
        }

        if (trainer.MovingAverage is { } average)
        {
            using var scope = NewDisposeScope();
            using var file = SafetensorsFile.Open(ModelPath);
            foreach (var (name, values) in Parameters(trainer, average.Values))
            {
                ModuleWeights.Read(file, ModelPath, name, values);
            }

            trainer.Exchange.Broadcast(average.Values);
        }

        trainer.Resume(Content.State);
    }

    /// <summary>Gets from the first process what it puts into its trainer.</summary>
    /// <param name="trainer">This process's trainer.</param>
    /// <param name="state">Where the training stood.</param>
    internal static void Receive(Trainer trainer, TrainingState state)
    {
        trainer.Exchange.Broadcast(trainer.Parameters.Values);
        foreach (var (_, values) in trainer.Optimizer.State)
        {
            trainer.Exchange.Scatter(values, _ => { });
        }

        if (trainer.MovingAverage is { } average)
        {
            trainer.Exchange.Broadcast(average.Values);
        }

        trainer.Resume(state);
    }

    /// <summary>Gives the first process what it writes of this one's trainer.</summary>
    internal static void Send(Trainer trainer)
    {
        foreach (var (_, values) in trainer.Optimizer.State)
        {
            trainer.Exchange.Whole(values);
        }
    }

    private static string[] Hashed(bool movingAverage) =>
        movingAverage ? [WeightsFile, OptimizerFile, AverageFile, StateFile] : [WeightsFile, OptimizerFile, StateFile];

    /// <summary>The parameters in a flat tensor, by their names.</summary>
    private static IEnumerable<(string Name, Tensor Values)> Parameters(Trainer trainer, Tensor flat) =>
        trainer.Parameters.Slots.Select(slot => (slot.Name, FlatParameters.View(flat, slot)));

    private static void WriteFile(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        write(stream);
    }

    private static string[] Files(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];

    // Of a file of another version no more may be understood than this.
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    private sealed record LayoutVersion(int Format);
}

/// <summary>The state file of a checkpoint.</summary>
/// <param name="Format">Version of the layout.</param>
/// <param name="Scheduled">
/// Whether it is one of those that every run of the recipe writes; false if training happened to stop there. The latter
/// goes when the next one is written, so that an interruption leaves no trace in what is averaged.
/// </param>
/// <param name="State">Where the training stood.</param>
/// <param name="ValidationLoss">
/// Validation loss at this very update, in nats per target token; null if it was not measured.
/// </param>
/// <param name="MovingAverage">
/// Whether a moving average of the weights is kept; the validation loss is then its.
/// </param>
internal sealed record CheckpointContent(
    int Format,
    bool Scheduled,
    TrainingState State,
    double? ValidationLoss,
    bool MovingAverage = false
);
