using System.ComponentModel.DataAnnotations;
using TransformerClinic.Common;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Training;

/// <summary>The rule that turns gradients into updates.</summary>
public enum OptimizerName
{
    /// <summary>
    /// Rectified Adam as the Admin authors' code computes it (no step while the variance is intractable).
    /// </summary>
    Radam,

    /// <summary>Adam with decoupled weight decay, as fairseq computes it.</summary>
    Adam,

    /// <summary>
    /// Stochastic gradient descent with momentum and coupled weight decay, as <c>torch.optim.SGD</c> computes it.
    /// </summary>
    Sgd,
}

/// <summary>Optimizer and its constants.</summary>
public sealed record OptimizerOptions
{
    /// <summary>Which optimizer.</summary>
    public OptimizerName Name { get; init; } = OptimizerName.Radam;

    /// <summary>Decay of the running mean of gradients, of Adam-type optimizers.</summary>
    [Range(0.0, 0.9999999)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the running mean of squared gradients, of Adam-type optimizers.</summary>
    [Range(0.0, 0.9999999)]
    public double Beta2 { get; init; } = 0.98;

    /// <summary>Added to the root of the second moment before bias correction, of Adam-type optimizers.</summary>
    [Range(0.0, 1.0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>
    /// Decay of the running sum of gradients that stochastic gradient descent follows; 0 follows only the gradient.
    /// </summary>
    [Range(0.0, 0.9999999)]
    public double Momentum { get; init; }

    /// <summary>
    /// Weight decay. Decoupled for Adam-type optimizers: each update multiplies every parameter by
    /// <c>1 - weightDecay * learningRate</c>. Coupled for stochastic gradient descent: <c>weightDecay * p</c> is added
    /// to the gradient.
    /// </summary>
    [Range(0.0, 1.0)]
    public double WeightDecay { get; init; }
}

/// <summary>Which positions Admin's profiling takes its variances over.</summary>
public enum PaddingPolicy
{
    /// <summary>Real tokens only: the result does not depend on how the batch is padded.</summary>
    Ignore,

    /// <summary>Padding too, as the authors' code does.</summary>
    Count,
}

/// <summary>How Admin's profiling pass runs.</summary>
public sealed record ProfilingOptions
{
    /// <summary>Whether padding positions count in the variances.</summary>
    public PaddingPolicy Padding { get; init; } = PaddingPolicy.Ignore;

    /// <summary>Whether dropout is on during the profiling pass, as it is in the authors' code.</summary>
    public bool Dropout { get; init; } = true;

    /// <summary>
    /// How many of the first training batches are profiled as if they were one; they are computed one at a time, so
    /// memory does not grow with them.
    /// </summary>
    [Range(1, 10_000)]
    public int Batches { get; init; } = 1;
}

/// <summary>
/// The type that the matrix products of training compute in; weights, residual stream, loss and optimizer are always
/// float32.
/// </summary>
public enum Precision
{
    /// <summary>float32.</summary>
    Fp32,

    /// <summary>bfloat16: for large models up to twice as fast on processors that have it, slower elsewhere.</summary>
    Bf16,

    /// <summary>
    /// bfloat16 where the run's own model is faster with it on its own first batches, float32 elsewhere; the run keeps
    /// the choice.
    /// </summary>
    Auto,
}

/// <summary>
/// How exactly CUDA devices compute products of float32 matrices; the processor always computes with all bits.
/// </summary>
public enum MatmulPrecision
{
    /// <summary>With all bits of float32.</summary>
    Highest,

    /// <summary>
    /// In TensorFloat-32: factors are rounded to 10 bits after the point, sums are float32; several times as fast on
    /// devices that have it (compute capability 8.0 and later).
    /// </summary>
    High,
}

/// <summary>Everything that decides how a model is trained, except the data.</summary>
public sealed record TrainingOptions : IOptionRules
{
    /// <summary>
    /// The trained model that training begins from: a model folder, a run folder, or a checkpoint of a run; empty
    /// begins from initial weights. Weights and subwords are the model's; optimizer, schedule and the order of the data
    /// start afresh, and Admin's omegas are not profiled again.
    /// </summary>
    public string From { get; init; } = "";

    /// <summary>Training ends after this many updates.</summary>
    [Range(1, int.MaxValue)]
    public int MaxUpdates { get; init; } = 100_000;

    /// <summary>
    /// Training ends after this many minutes of training, counted over all resumed parts; 0 sets no limit.
    /// </summary>
    [Range(0.0, 1e7)]
    public double MaxMinutes { get; init; }

    /// <summary>
    /// Training ends once it has trained on this many target tokens, padding not counted; 0 sets no limit.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int MaxTokens { get; init; }

    /// <summary>
    /// Token budget of a batch: sentences times the longest side, padding included, never exceeds it.
    /// </summary>
    [Range(1, 10_000_000)]
    public int TokensPerBatch { get; init; } = 4096;

    /// <summary>The type that matrix products compute in.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>How exactly CUDA devices compute products of float32 matrices, in training and validation.</summary>
    public MatmulPrecision MatmulPrecision { get; init; } = MatmulPrecision.Highest;

    /// <summary>
    /// Whether the forward pass keeps only the inputs of each layer, and the backward pass computes the layer again:
    /// less memory, a third more products, the same bits.
    /// </summary>
    public bool Recompute { get; init; }

    /// <summary>Batches whose gradients are added up for one update.</summary>
    [Range(1, 100_000)]
    public int Accumulate { get; init; } = 1;

    /// <summary>
    /// How many parts of rows each batch is cut into; threads and processes compute parts, and the result depends on
    /// how many there are, but not on who computes them. 0 is one for each thread of all processes of the command that
    /// begins the run; the run keeps the number.
    /// </summary>
    [Range(0, UpdateShare.MostParts)]
    public int Parts { get; init; }

    /// <summary>Share of the target probability spread evenly over the vocabulary.</summary>
    [Range(0.0, 0.99)]
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Longest gradient norm; longer gradients are scaled down to it. 0 never clips.</summary>
    [Range(0.0, 1e9)]
    public double ClipNorm { get; init; }

    /// <summary>Optimizer and its constants.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>Learning-rate schedule and its constants.</summary>
    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>Admin's profiling pass.</summary>
    public ProfilingOptions Profiling { get; init; } = new();

    /// <summary>The guard against divergence.</summary>
    public DivergenceOptions Divergence { get; init; } = new();

    /// <summary>Updates between two lines of the log.</summary>
    [Range(1, int.MaxValue)]
    public int LogEvery { get; init; } = 10;

    /// <summary>Updates between two measurements of each sublayer; 0 never measures.</summary>
    [Range(0, int.MaxValue)]
    public int StatisticsEvery { get; init; } = 500;

    /// <summary>Updates between two examinations of the model; 0 never examines.</summary>
    [Range(0, int.MaxValue)]
    public int DiagnoseEvery { get; init; }

    /// <summary>Updates between two validations.</summary>
    [Range(1, int.MaxValue)]
    public int ValidateEvery { get; init; } = 500;

    /// <summary>Sentences of the validation set that are translated greedily at each validation; 0 for none.</summary>
    [Range(0, 1000)]
    public int ValidationTranslations { get; init; }

    /// <summary>
    /// Training ends when this many validations in a row did not lower the validation loss; 0 sets no such limit.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int Patience { get; init; }

    /// <summary>Updates between two checkpoints.</summary>
    [Range(1, int.MaxValue)]
    public int CheckpointEvery { get; init; } = 500;

    /// <summary>How many of the newest checkpoints are kept.</summary>
    [Range(1, 10_000)]
    public int KeepLast { get; init; } = 5;

    /// <summary>How many of the checkpoints with the lowest validation loss are kept.</summary>
    [Range(0, 10_000)]
    public int KeepBest { get; init; } = 1;

    /// <summary>How many of the newest checkpoints are averaged into the final model.</summary>
    [Range(1, 10_000)]
    public int Average { get; init; } = 5;

    /// <summary>
    /// Decay of the exponential moving average of the weights, which is then validated and becomes the model; 0 keeps
    /// no average.
    /// </summary>
    [Range(0.0, 0.9999999)]
    public double Ema { get; init; }

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        var end = LearningRateSchedule.End(Schedule, MaxUpdates);
        var (name, total) = (OptionKey.Format(Schedule.Name), $"{section}schedule.totalUpdates");
        if (LearningRateSchedule.HasEnd(Schedule.Name) && Schedule.WarmUpUpdates >= end)
        {
            yield return $"{section}schedule.warmUpUpdates is {Schedule.WarmUpUpdates} and "
                + $"{(Schedule.TotalUpdates > 0 ? total : $"{section}maxUpdates")} is {end}: a {name} schedule needs "
                + "updates after its warm-up.";
        }

        if (MaxUpdates > end && (Schedule.Name == ScheduleName.Linear || Schedule.MinLearningRate == 0))
        {
            yield return $"{section}maxUpdates is {MaxUpdates} and {total} is {end}: after that the learning rate of "
                + $"a {name} schedule is 0, and nothing would be learned.";
        }

        if (Average > KeepLast)
        {
            yield return $"{section}average is {Average} and {section}keepLast is {KeepLast}: only checkpoints that "
                + "are kept can be averaged.";
        }
    }
}
