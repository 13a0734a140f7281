using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Distribution;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Workflows.FineTuning;
using static TorchSharp.torch;

namespace TransformerClinic.Workflows;

/// <summary>What a run works with: its text, the model and its replicas, the trainer and the checkpoints.</summary>
internal sealed class RunParts : IDisposable
{
    private readonly RunFolder? _folder;
    private readonly CheckpointStore? _store;

    /// <summary>Builds a model, with the weights that training begins with, and what trains it.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="folder">The run folder; not owned; null in all processes but the first.</param>
    /// <param name="start">What training begins with; null in all processes but the first.</param>
    /// <param name="corpus">The prepared text.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="workers">Worker threads.</param>
    /// <param name="group">The processes that train together; not owned.</param>
    /// <exception cref="UserErrorException">The weights that training begins with are damaged.</exception>
    public RunParts(
        Recipe recipe,
        RunFolder? folder,
        TrainingStart? start,
        PreparedCorpus corpus,
        Device device,
        int workers,
        ProcessGroup group
    )
    {
        (Recipe, _folder, Corpus, Base, Workers, Group) = (recipe, folder, corpus, start?.Base, workers, group);
        var (training, vocabulary) = (recipe.Training, corpus.Subwords.Vocabulary.Count);
        var parts = Agreement.OfFirst(
            group,
            () => Folder.KeepParts(() => UpdateShare.PartsFor(training.Parts, workers, group.Count))
        );
        Replicas = new ModelReplicas(
            () => new Transformer(recipe.Model, vocabulary, Vocabulary.Pad, recipe.Seed),
            workers,
            device,
            recompute: training.Recompute
        );
        var train = new TokenBatches(
            corpus.Train.All,
            training.TokensPerBatch,
            rules: Preparation.Rules(recipe, corpus)
        );
        var probe = new PrecisionProbe(Replicas, train, recipe.Seed, training.LabelSmoothing);
        Precision = Agreement.OfFirst(
            group,
            () => Folder.KeepPrecision(() => PrecisionChoice.Make(training.Precision, probe.Measure))
        );
        Replicas.Bfloat16 = Precision.Chosen == Training.Precision.Bf16;
        UnigramNll = Data.UnigramNll.Of(corpus.Train.TargetCounts(vocabulary), corpus.Valid.Examples);
        Trainer = new Trainer(
            Replicas,
            train,
            new TokenBatches(corpus.Valid.Examples, training.TokensPerBatch),
            training with
            {
                Parts = parts,
            },
            recipe.Seed,
            UnigramNll,
            Begin(start),
            group
        );
        _store = folder is null ? null : new CheckpointStore(folder.Checkpoints);
        Checkpoints = new SharedCheckpoints(_store, group);
    }

    /// <summary>The recipe.</summary>
    public Recipe Recipe { get; }

    /// <summary>The run folder, which only the first process has.</summary>
    public RunFolder Folder => _folder ?? throw OnlyTheFirst();

    /// <summary>The processes that train together.</summary>
    public ProcessGroup Group { get; }

    /// <summary>The prepared text.</summary>
    public PreparedCorpus Corpus { get; }

    /// <summary>The trained model that the run began from; null for initial weights.</summary>
    public BaseModelRecord? Base { get; }

    /// <summary>Worker threads.</summary>
    public int Workers { get; }

    /// <summary>The precision of the matrix products in training.</summary>
    public PrecisionChoice Precision { get; }

    /// <summary>The model and its replicas, which share its weights.</summary>
    public ModelReplicas Replicas { get; }

    /// <summary>The model.</summary>
    public Transformer Model => Replicas.Model;

    /// <summary>
    /// Negative log-likelihood on the validation set of a model that knows only the frequencies of target tokens, in
    /// nats per target token.
    /// </summary>
    public double UnigramNll { get; }

    /// <summary>The trainer.</summary>
    public Trainer Trainer { get; }

    /// <summary>The checkpoints on disk, which only the first process has.</summary>
    public CheckpointStore Store => _store ?? throw OnlyTheFirst();

    /// <summary>The checkpoints, of which every process does its share.</summary>
    public SharedCheckpoints Checkpoints { get; }

    /// <summary>Gives the model the mean of the newest checkpoints.</summary>
    /// <returns>How many were averaged.</returns>
    /// <exception cref="UserErrorException">A checkpoint is damaged.</exception>
    public int Average()
    {
        var checkpoints = RunAverage.Newest(Store.List(), Recipe.Training.Average, Folder.Model);
        CheckpointAverage.PutInto(Model, [.. checkpoints.Select(checkpoint => checkpoint.ModelPath)]);
        return checkpoints.Count;
    }

    /// <summary>Writes the model as it is now as the run's model folder.</summary>
    public void WriteModel() =>
        TrainedModel.Save(
            Folder.Model,
            ModelConfig.Of(Recipe, Corpus.Subwords.Vocabulary.Count, Trainer.State.Profile),
            Corpus.Subwords,
            stream => ModuleWeights.Write(stream, Model)
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        Trainer.Dispose();
        Replicas.Dispose();
    }

    private static InvalidOperationException OnlyTheFirst() =>
        new("Only the first process of a group has the run folder.");

    /// <summary>Gives the models of all processes the weights that the first begins with.</summary>
    private EarlierTraining? Begin(TrainingStart? start)
    {
        try
        {
            var earlier = Agreement.OfFirst(Group, () => start!.PutInto(Model));
            GradientExchange.Broadcast(Group, Replicas.Parameters.Values);
            return earlier;
        }
        catch
        {
            Replicas.Dispose();
            throw;
        }
    }
}
