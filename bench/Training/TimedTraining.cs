using System.Diagnostics;
using TransformerClinic.Model;
using TransformerClinic.Text;
using TransformerClinic.Training;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Training;

/// <summary>A training on full batches whose processor time is measured.</summary>
internal sealed class TimedTraining : IDisposable
{
    private readonly ModelReplicas _replicas;
    private readonly Trainer _trainer;

    public TimedTraining(TrainingConfiguration configuration, TrainingOptions options, int workers)
    {
        const long seed = 1;
        var batches = BenchmarkBatches.Full(configuration);
        _replicas = new ModelReplicas(() => new Transformer(configuration.Model, configuration.Vocabulary, Vocabulary.Pad, seed), workers, CPU);
        _trainer = new Trainer(_replicas, batches, batches, options with { TokensPerBatch = configuration.TokensPerBatch }, seed);
        _trainer.Profile();
    }

    /// <summary>Makes so many updates.</summary>
    /// <returns>Their seconds of processor time, all threads of the process together.</returns>
    public double Seconds(int updates)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var i = 0; i < updates; i++)
        {
            _trainer.Update();
        }

        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _replicas.Dispose();
    }
}
