using TorchSharp;
using TransformerClinic.Data;
using TransformerClinic.Data.Epochs;
using TransformerClinic.Model;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Profiling;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// What is examined: the initial models of a recipe, one per seed, the trained model that a recipe begins from, or a
/// model that was trained.
/// </summary>
/// <param name="Name">The recipe's or the model's name.</param>
/// <param name="Model">Its shape.</param>
/// <param name="Seeds">
/// Seeds of the models; of a trained one a single one, which decides only the perturbations.
/// </param>
/// <param name="Examples">
/// What it reads: the training set of a recipe, the validation set of a trained model's run.
/// </param>
/// <param name="Vocabulary">Size of its vocabulary.</param>
/// <param name="Training">How it is going to be trained; null for a trained model that is examined by itself.</param>
/// <param name="Load">Loads the trained model; null for a recipe that begins from initial weights.</param>
/// <param name="Course">How the training of a model in a run folder went; null where nothing is known of it.</param>
internal sealed record DiagnosisSubject(
    string Name,
    ModelOptions Model,
    IReadOnlyList<long> Seeds,
    IExamples Examples,
    int Vocabulary,
    TrainingOptions? Training,
    Func<Transformer>? Load,
    CourseOfTraining? Course = null
)
{
    /// <summary>How often examples occur in training, and in which pieces.</summary>
    public EpochRules Rules { get; init; } = EpochRules.None;

    /// <summary>Where the models are examined.</summary>
    public Device Device { get; init; } = CPU;

    /// <summary>How often the log of its run spikes; null where there is no log to say.</summary>
    public SpikeScore? Spikes { get; init; }

    // Enough for stable means, few enough for a diagnosis in minutes.
    private const int MostTokens = 1024;

    /// <summary>Label smoothing of the loss whose gradients are measured.</summary>
    public double Smoothing => (Training ?? new TrainingOptions()).LabelSmoothing;

    /// <summary>Whether the model is trained already.</summary>
    public bool IsTrained => Load is not null;

    /// <summary>The first training batches that a seed gives, of no more tokens than an examination needs.</summary>
    public IReadOnlyList<Batch> Batches(long seed, int count)
    {
        var cursor = new BatchCursor(
            new TokenBatches(
                Examples,
                Math.Min(MostTokens, (Training ?? new TrainingOptions()).TokensPerBatch),
                rules: Rules
            ),
            seed
        );
        return [.. Enumerable.Range(0, count).Select(_ => cursor.Next())];
    }

    /// <summary>
    /// The model of a seed as it is before its first update, profiled where its variant is; or the trained model.
    /// </summary>
    public Transformer Create(ModelOptions shape, long seed)
    {
        if (Load is not null)
        {
            return OnDevice(Load());
        }

        var model = OnDevice(new Transformer(shape, Vocabulary, Text.Vocabulary.Pad, seed));
        var cursor = new BatchCursor(new TokenBatches(Examples, Training!.TokensPerBatch, rules: Rules), seed);
        ModelProfiling.Run(
            model,
            [.. Enumerable.Range(0, Training.Profiling.Batches).Select(_ => cursor.Next())],
            Training.Profiling,
            seed,
            Device
        );
        return model;
    }

    /// <summary>The same to be trained, not yet profiled.</summary>
    internal ModelReplicas Replicas(long seed) =>
        new(() => Load?.Invoke() ?? new Transformer(Model, Vocabulary, Text.Vocabulary.Pad, seed), workers: 1, Device);

    private Transformer OnDevice(Transformer model)
    {
        model.to(Device);
        return model;
    }
}
