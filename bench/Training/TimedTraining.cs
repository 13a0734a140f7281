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

    /// <summary>Runs a number of updates.</summary>
    /// <returns>Their processor time in seconds, for all threads of the process together.</returns>
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
