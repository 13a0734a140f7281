using TransformerClinic.Common;
using TransformerClinic.Data;
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
    /// <summary>Builds a model, with the weights that training begins with, and what trains it.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="folder">The run folder; not owned.</param>
    /// <param name="start">What training begins with.</param>
    /// <param name="corpus">The prepared text.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="workers">Worker threads.</param>
    /// <exception cref="UserErrorException">The weights that training begins with are damaged.</exception>
    public RunParts(
        Recipe recipe,
        RunFolder folder,
        TrainingStart start,
        PreparedCorpus corpus,
        Device device,
        int workers
    )
    {
        (Recipe, Folder, Corpus, Base, Workers) = (recipe, folder, corpus, start.Base, workers);
        Precision = folder.KeepPrecision(() => PrecisionChoice.Make(recipe.Training.Precision, device));
        Replicas = new ModelReplicas(
            () => new Transformer(recipe.Model, corpus.Subwords.Vocabulary.Count, Vocabulary.Pad, recipe.Seed),
            workers,
            device,
            Precision.Chosen == Training.Precision.Bf16,
            recipe.Training.Recompute
        );
        UnigramNll = Data.UnigramNll.Of(
            corpus.Train.TargetCounts(corpus.Subwords.Vocabulary.Count),
            corpus.Valid.Examples
        );
        Trainer = new Trainer(
            Replicas,
            new TokenBatches(
                corpus.Train.All,
                recipe.Training.TokensPerBatch,
                rules: Preparation.Rules(recipe, corpus)
            ),
            new TokenBatches(corpus.Valid.Examples, recipe.Training.TokensPerBatch),
            recipe.Training,
            recipe.Seed,
            UnigramNll,
            Begin(start)
        );
        Store = new CheckpointStore(folder.Checkpoints);
    }

    /// <summary>The recipe.</summary>
    public Recipe Recipe { get; }

    /// <summary>The run folder.</summary>
    public RunFolder Folder { get; }

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

    /// <summary>The checkpoints.</summary>
    public CheckpointStore Store { get; }

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

    private EarlierTraining? Begin(TrainingStart start)
    {
        try
        {
            return start.PutInto(Model);
        }
        catch
        {
            Replicas.Dispose();
            throw;
        }
    }
}
