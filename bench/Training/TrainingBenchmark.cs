using System.Diagnostics;
using TransformerClinic.Common;
using TransformerClinic.Training;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Training;

/// <summary>
/// Trains a configuration with the project's own trainer, in float32 and bfloat16 by turns, with the peak of large
/// products measured next to each update: whatever disturbs the machine disturbs all of them.
/// </summary>
internal sealed class TrainingBenchmark : IDisposable
{
    private const int WarmUp = 2;
    private readonly TrainingConfiguration _configuration;
    private readonly string _kind;
    private readonly WorkerThreads _workers;
    private readonly ProductPeak _peak;
    private readonly ProfiledTraining _training;
    private readonly BatchCursor _shadow;

    public TrainingBenchmark(TrainingConfiguration configuration, bool text, int workers, Device device)
    {
        (_configuration, _kind) = (configuration, text ? "text" : "full");
        var batches = text ? BenchmarkBatches.RealText(configuration) : BenchmarkBatches.Full(configuration);
        _workers = new WorkerThreads(workers);
        _peak = new ProductPeak(_workers, device);
        _training = new ProfiledTraining(
            configuration.Model,
            configuration.Vocabulary,
            batches,
            new TrainingOptions { TokensPerBatch = configuration.TokensPerBatch },
            workers,
            device
        );
        _shadow = new BatchCursor(batches, ProfiledTraining.Seed);
    }

    /// <summary>Runs a number of rounds, each with an update and a peak in both precisions.</summary>
    public TrainingReport Run(int rounds, Action<int> done)
    {
        var (fp32, bf16) = (new List<MeasuredUpdate>(), new List<MeasuredUpdate>());
        for (var round = -WarmUp; round < rounds; round++)
        {
            var (slow, fast) = (Measure(ScalarType.Float32), Measure(ScalarType.BFloat16));
            if (round >= 0)
            {
                fp32.Add(slow);
                bf16.Add(fast);
            }

            done(round + WarmUp + 1);
        }

        var (inFp32, inBf16) = (MeasuredUpdate.Report(fp32), MeasuredUpdate.Report(bf16));
        return new TrainingReport(
            _configuration.Name,
            _configuration.Says,
            _kind,
            _training.Replicas.Parameters.Count,
            _workers.Count,
            rounds,
            Median.Of(fp32.Concat(bf16).Select(update => (double)update.Tokens)),
            Median.Of(fp32.Concat(bf16).Select(update => update.PaddingShare)),
            inFp32,
            inBf16,
            inBf16.TokensPerSecond / inFp32.TokensPerSecond,
            Process.GetCurrentProcess().PeakWorkingSet64
        );
    }

    public static int Total(int rounds) => rounds + WarmUp;

    public void Dispose()
    {
        _training.Dispose();
        _workers.Dispose();
    }

    private MeasuredUpdate Measure(ScalarType type)
    {
        _training.Replicas.Bfloat16 = type == ScalarType.BFloat16;
        var peak = _peak.Measure(type);
        var batch = _shadow.Next();
        _training.Replicas.Clock.Reset();
        DeviceClock.Synchronize(_training.Replicas.Device);
        var start = Stopwatch.GetTimestamp();
        var report = _training.Trainer.Update();
        DeviceClock.Synchronize(_training.Replicas.Device);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var clock = _training.Replicas.Clock;
        return new MeasuredUpdate(
            seconds,
            clock.Forward,
            clock.Backward,
            clock.Optimizer,
            clock.Data,
            report.TargetTokens,
            1 - ((batch.SourceTokens + batch.TargetTokens) / (double)(batch.Source.Length + batch.Target.Length)),
            FloatingPointOperations.OfUpdate(_configuration.Model, _configuration.Vocabulary, batch) / 1e9,
            peak
        );
    }
}
