using TorchSharp;
using TransformerClinic.Data;
using TransformerClinic.Distribution;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Profiling;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Divergence;

/// <summary>
/// A small training to be disturbed, with all that was heard of it. One example alone, <see cref="Marked"/>, holds the
/// word 19 in its source: what is done to that word's embedding is done to its batch and to no other.
/// </summary>
internal sealed class GuardedTraining : ITrainingObserver, IDisposable
{
    public const int Marked = 41;
    public const int Updates = 24;

    public static readonly TrainingOptions Calm = new()
    {
        MaxUpdates = Updates,
        TokensPerBatch = 60,
        Accumulate = 2,
        Schedule = new ScheduleOptions { LearningRate = 5e-3, WarmUpUpdates = 4 },
        LogEvery = 1,
        ValidateEvery = 1000,
        CheckpointEvery = 3,
        KeepLast = 20,
        Average = 1,
    };

    private readonly ModelReplicas _replicas;
    private readonly CheckpointStore? _store;
    private readonly SharedCheckpoints _checkpoints;
    private readonly Action<GuardedTraining>? _afterUpdate;

    public GuardedTraining(
        string folder,
        TrainingOptions options,
        Action<GuardedTraining>? afterUpdate = null,
        ResidualVariant variant = ResidualVariant.PreLn,
        double? unigramNll = null,
        ProcessGroup? group = null,
        int workers = 2
    )
    {
        _afterUpdate = afterUpdate;
        var model = SmallModel.Options(variant) with { SharedEmbeddings = EmbeddingSharing.Decoder };
        _replicas = new ModelReplicas(() => SmallModel.Create(model), workers, CPU);
        Trainer = new Trainer(
            _replicas,
            new TokenBatches(Examples(), options.TokensPerBatch),
            new TokenBatches(Reversal.Examples(10, seed: 2), 100),
            options,
            seed: 1,
            unigramNll,
            group: group
        );
        _store = group is { IsFirst: false } ? null : new CheckpointStore(folder);
        _checkpoints = new SharedCheckpoints(_store, group);
        Loop = new TrainingLoop(Trainer, _replicas.Model, _checkpoints, options, this);
    }

    public Trainer Trainer { get; }

    public CheckpointStore Store => _store!;

    public TrainingLoop Loop { get; }

    public List<Incident> Incidents { get; } = [];

    /// <summary>Called when an incident has been treated.</summary>
    public Action? IncidentHandler { get; set; }

    /// <summary>The number of each update that was made, in the order in which they were made.</summary>
    public List<long> Made { get; } = [];

    public byte[] Weights => Trainer.Parameters.Values.bytes.ToArray();

    /// <summary>Goes on from the newest checkpoint, if there is one, to the end.</summary>
    public TrainingEnd Run()
    {
        _checkpoints.Resume(Trainer, _replicas.Model, OnSetAside);
        return Loop.Run(CancellationToken.None);
    }

    /// <summary>Sets the elements of a row of a parameter, or all of a parameter that has no rows.</summary>
    public void Poison(string parameter, float value, int? row = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var slot =
            Trainer.Parameters.Slots.SingleOrDefault(slot => slot.Name == parameter)
            ?? throw new ArgumentException(
                $"There is no parameter {parameter} among "
                    + $"{string.Join(", ", Trainer.Parameters.Slots.Select(slot => slot.Name))}.",
                nameof(parameter)
            );
        var values = FlatParameters.View(Trainer.Parameters.Values, slot);
        using Scalar filling = value;
        (row is { } index ? values[index] : values).fill_(filling);
    }

    public void OnProfiled(AdminProfile profile) { }

    public void OnIncident(Incident incident, TrainingState state)
    {
        Incidents.Add(incident);
        IncidentHandler?.Invoke();
    }

    public void OnUpdate(UpdateReport report, TrainingState state)
    {
        if (!report.Skipped)
        {
            Made.Add(report.Update);
        }

        _afterUpdate?.Invoke(this);
    }

    public void OnValidation(ValidationReport report, TrainingState state) { }

    public void OnSetAside(string folder, string reason, string aside) => Assert.Fail($"{folder}: {reason}");

    public void OnSaving() { }

    public void Dispose()
    {
        Trainer.Dispose();
        _replicas.Dispose();
    }

    private static List<ParallelExample> Examples()
    {
        var examples = Reversal
            .Examples(60, seed: 1)
            .Select(example => new ParallelExample(Without19(example.Source), Without19(example.Target)))
            .ToList();
        examples[Marked] = new ParallelExample([19, Vocabulary.EndOfSentence], [5, Vocabulary.EndOfSentence]);
        return examples;
    }

    private static int[] Without19(int[] ids) => [.. ids.Select(id => id == 19 ? 18 : id)];
}
