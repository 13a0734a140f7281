using System.Diagnostics;
using TransformerClinic.Training;

namespace TransformerClinic.Bench.Training;

/// <summary>A training that makes updates on request and says what they took.</summary>
internal sealed class UpdatesOnRequest : IDisposable
{
    private readonly TrainingConfiguration _configuration;
    private readonly ProfiledTraining _training;
    private readonly BatchCursor _shadow;

    public UpdatesOnRequest(TrainingConfiguration configuration, bool text, int workers)
    {
        _configuration = configuration;
        var batches = text ? BenchmarkBatches.RealText(configuration) : BenchmarkBatches.Full(configuration);
        _training = new ProfiledTraining(
            configuration.Model,
            configuration.Vocabulary,
            batches,
            new TrainingOptions { TokensPerBatch = configuration.TokensPerBatch },
            workers
        );
        _shadow = new BatchCursor(batches, ProfiledTraining.Seed);
    }

    /// <summary>Runs a number of updates.</summary>
    /// <param name="precision">fp32 or bf16.</param>
    /// <param name="updates">How many.</param>
    public UpdateTimes Run(string precision, int updates)
    {
        _training.Replicas.Bfloat16 = precision == "bf16";
        var operations = Enumerable
            .Range(0, updates)
            .Sum(_ =>
                FloatingPointOperations.OfUpdate(_configuration.Model, _configuration.Vocabulary, _shadow.Next())
            );
        var clock = _training.Replicas.Clock;
        clock.Reset();
        var (tokens, loss) = (0L, 0.0);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var before = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < updates; i++)
        {
            var report = _training.Trainer.Update();
            (tokens, loss) = (tokens + report.TargetTokens, report.Loss);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new UpdateTimes(
            precision,
            updates,
            tokens,
            seconds,
            (Environment.CpuUsage.TotalTime - before).TotalSeconds,
            clock.Forward,
            clock.Backward,
            clock.Optimizer,
            operations / 1e9,
            (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)updates,
            loss
        );
    }

    public void Dispose() => _training.Dispose();
}

/// <summary>What some updates took.</summary>
/// <param name="Precision">fp32 or bf16.</param>
/// <param name="Updates">How many they were.</param>
/// <param name="Tokens">Their target tokens, padding not counted.</param>
/// <param name="Seconds">By the clock.</param>
/// <param name="ProcessorSeconds">Of all threads, system included.</param>
/// <param name="Forward">Seconds of forward passes, mean of the workers.</param>
/// <param name="Backward">Seconds of backward passes, mean of the workers.</param>
/// <param name="Optimizer">Seconds of summing gradients, their norm and the optimizer.</param>
/// <param name="GigaOperations">Operations of matrix products, in 10^9.</param>
/// <param name="ManagedBytes">Managed memory allocated per update.</param>
/// <param name="Loss">Loss of the last update per token.</param>
internal sealed record UpdateTimes(
    string Precision,
    int Updates,
    long Tokens,
    double Seconds,
    double ProcessorSeconds,
    double Forward,
    double Backward,
    double Optimizer,
    double GigaOperations,
    double ManagedBytes,
    double Loss
);
