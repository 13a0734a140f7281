using TransformerClinic.Training;

namespace TransformerClinic.Bench.Training;

/// <summary>A training on full batches whose processor time is measured.</summary>
internal sealed class TimedTraining(TrainingConfiguration configuration, TrainingOptions options, int workers)
    : IDisposable
{
    private readonly ProfiledTraining _training = new(
        configuration.Model,
        configuration.Vocabulary,
        BenchmarkBatches.Full(configuration),
        options with
        {
            TokensPerBatch = configuration.TokensPerBatch,
        },
        workers
    );

    /// <summary>Makes so many updates.</summary>
    /// <returns>Their seconds of processor time, all threads of the process together.</returns>
    public double Seconds(int updates)
    {
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < updates; i++)
        {
            _training.Trainer.Update();
        }

        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    public void Dispose() => _training.Dispose();
}
