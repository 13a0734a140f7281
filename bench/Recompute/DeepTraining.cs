using TransformerClinic.Bench.Training;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;

namespace TransformerClinic.Bench.Recompute;

/// <summary>
/// Training of a deep, narrow model: layers + layers, dim 128, ffn 512, 4 heads, vocabulary 8k, 1024 tokens per batch,
/// dropout 0.1, RAdam.
/// </summary>
internal sealed class DeepTraining : IDisposable
{
    private readonly ProfiledTraining _training;

    public DeepTraining(int layers, int workers)
    {
        var configuration = new TrainingConfiguration(
            "",
            "",
            TrainingConfiguration.Shape(layers, layers, 128, 512),
            Vocabulary: 8_000,
            TokensPerBatch: 1024,
            Length: 32
        );
        var options = new TrainingOptions { TokensPerBatch = configuration.TokensPerBatch };
        _training = new ProfiledTraining(
            configuration.Model,
            configuration.Vocabulary,
            BenchmarkBatches.Full(configuration),
            options,
            workers
        );
    }

    public ModelReplicas Replicas => _training.Replicas;

    /// <summary>Runs one update.</summary>
    /// <returns>Its seconds.</returns>
    public double Update()
    {
        var before = _training.Trainer.State.Seconds;
        _training.Trainer.Update();
        return _training.Trainer.State.Seconds - before;
    }

    public void Dispose() => _training.Dispose();
}
