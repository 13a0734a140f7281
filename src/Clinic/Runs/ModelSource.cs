using System.Text;
using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Packed;
using TransformerClinic.Files;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Text;
using TransformerClinic.Training.Checkpoints;
using static TorchSharp.torch;

namespace TransformerClinic.Runs;

/// <summary>
/// Where a model is, and what belongs to it: a model folder, the model of a run folder, or a checkpoint of a run.
/// </summary>
/// <param name="Name">
/// Its path from the folder that the run folder is in, such as <c>quickstart/model</c>; outside of a run, its
/// folder's name.
/// </param>
/// <param name="WeightsPath">The file of the weights.</param>
/// <param name="Config">Its configuration; a checkpoint's is its run's recipe.</param>
/// <param name="Subwords">Its subword model.</param>
/// <param name="Run">The run folder that it is in; null outside of a run.</param>
internal sealed record ModelSource(
    string Name,
    string WeightsPath,
    ModelConfig Config,
    SubwordModel Subwords,
    string? Run
)
{
    /// <summary>Updates that had been made when a checkpoint was written; null of a model folder.</summary>
    /// <exception cref="UserErrorException">The checkpoint's state is damaged.</exception>
    internal long? Update => Checkpoint.IsThere(Folder) ? Checkpoint.Read(Folder).Update : null;

    /// <summary>The folder of the weights.</summary>
    internal string Folder => Path.GetDirectoryName(WeightsPath)!;

    /// <summary>
    /// SHA-256 of what decides its translations: the configuration, the subwords, and the weights.
    /// </summary>
    public IReadOnlyList<string> Hashes() =>
        [
            ContentHash.Of(Encoding.UTF8.GetBytes(Json.Line(Config))),
            ContentHash.OfFile(SubwordsPath),
            ContentHash.OfFile(WeightsPath),
        ];

    /// <summary>Finds a model; only what describes it is loaded.</summary>
    /// <exception cref="UserErrorException">There is no model, or a file of it is damaged.</exception>
    public static ModelSource Find(string path)
    {
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Checkpoint.IsThere(folder) ? OfCheckpoint(folder)
            : IsModel(folder) ? OfModel(folder)
            : IsModel(Path.Combine(folder, RunFolder.ModelName)) ? OfModel(Path.Combine(folder, RunFolder.ModelName))
            : throw new UserErrorException(
                $"{path}: there is no model here. A model folder holds {TrainedModel.WeightsFile}, "
                    + $"{TrainedModel.ConfigFile} and {TrainedModel.SubwordsFile}; a run's is {RunFolder.ModelName}/ "
                    + "in its folder, written when training ends; its checkpoints are in "
                    + $"{RunFolder.CheckpointsName}/."
            );
    }

    /// <summary>The model with its weights, in float32.</summary>
    /// <exception cref="UserErrorException">The weights are damaged, or of a model of another shape.</exception>
    public Transformer Load(Device device)
    {
        var model = new Transformer(Config.Model, Config.Vocabulary, Vocabulary.Pad, seed: 0);
        using (var weights = SafetensorsFile.Open(WeightsPath))
        {
            ModuleWeights.Read(weights, WeightsPath, model);
        }

        model.to(device);
        return model;
    }

    /// <summary>
    /// The model for searching, with its weights from the file and without libtorch; null where it takes the module, or
    /// where <see cref="Load"/> says what is wrong with the file.
    /// </summary>
    /// <exception cref="UserErrorException">The file is missing, or is not a whole safetensors file.</exception>
    public IDecodingModel? LoadPacked(DecodingPrecision precision)
    {
        OptionCheck.Valid(Config.Model, "model");
        var weights = MappedTensors.Open(WeightsPath);
        return PackedTransformer.OfFile(
            Config.Model,
            Config.Vocabulary,
            weights.Count,
            name => Weight(weights, name),
            precision
        );
    }

    private static unsafe WeightMemory? Weight(MappedTensors weights, string name)
    {
        var start = weights.Float32(name, out var shape);
        return start == null || shape.Count is 0 or > 2 || shape.Any(size => size > int.MaxValue)
            ? null
            : new WeightMemory(start, (int)shape[0], shape.Count == 1 ? 1 : (int)shape[1], weights);
    }

    /// <summary>The file of the subwords: a checkpoint's is its run's.</summary>
    private string SubwordsPath =>
        IsModel(Folder) ? Path.Combine(Folder, TrainedModel.SubwordsFile) : Path.Combine(Run!, RunFolder.SubwordsName);

    private static bool IsModel(string folder) => File.Exists(Path.Combine(folder, TrainedModel.ConfigFile));

    private static ModelSource OfModel(string folder)
    {
        var config = ModelConfigFile.Read(Path.Combine(folder, TrainedModel.ConfigFile));
        if (config.Format != TrainedModel.Format)
        {
            throw new UserErrorException(
                $"{folder}: the model folder's format is {config.Format}; this version reads {TrainedModel.Format}."
            );
        }

        var subwords = SubwordModel.Load(Path.Combine(folder, TrainedModel.SubwordsFile));
        if (subwords.Vocabulary.Count != config.Vocabulary)
        {
            throw new UserErrorException(
                $"{folder}: {TrainedModel.SubwordsFile} has {subwords.Vocabulary.Count} pieces, the model "
                    + $"{config.Vocabulary}; they do not belong together."
            );
        }

        var parent = Path.GetDirectoryName(folder);
        var run = parent is not null && IsRun(parent) ? parent : null;
        return new ModelSource(
            NameOf(folder, run),
            Path.Combine(folder, TrainedModel.WeightsFile),
            config,
            subwords,
            run
        );
    }

    private static ModelSource OfCheckpoint(string folder)
    {
        var run = Path.GetDirectoryName(Path.GetDirectoryName(folder));
        if (run is null || !IsRun(run))
        {
            throw new UserErrorException(
                $"{folder}: this checkpoint is in no run folder. It needs {RunFolder.RecipeName} and "
                    + $"{RunFolder.SubwordsName} of its run, two folders up."
            );
        }

        var checkpoint = Checkpoint.Read(folder);
        if (checkpoint.Damage() is { } reason)
        {
            throw new UserErrorException($"{folder}: {reason}. Take another checkpoint.");
        }

        var subwords = SubwordModel.Load(Path.Combine(run, RunFolder.SubwordsName));
        var recipe = RecipeReader.Read(Path.Combine(run, RunFolder.RecipeName), []);
        return new ModelSource(
            NameOf(folder, run),
            checkpoint.ModelPath,
            ModelConfig.Of(recipe, subwords.Vocabulary.Count, checkpoint.Content.State.Profile),
            subwords,
            run
        );
    }

    private static bool IsRun(string folder) => File.Exists(Path.Combine(folder, RunFolder.RecipeName));

    private static string NameOf(string folder, string? run) =>
        run is null
            ? Path.GetFileName(folder)
            : $"{Path.GetFileName(run)}/{Path.GetRelativePath(run, folder).Replace('\\', '/')}";
}
