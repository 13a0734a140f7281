using TransformerClinic.Bench.Training;
using TransformerClinic.Model;
using TransformerClinic.Text;
using TransformerClinic.Training;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Recompute;

/// <summary>Training of a deep, narrow model with the project's own trainer: layers + layers, dim 128, ffn 512, 4 heads, vocabulary 8k, 1024 tokens a batch, dropout 0.1, RAdam.</summary>
internal sealed class DeepTraining : IDisposable
{
    private readonly Trainer _trainer;

    public DeepTraining(int layers, int workers)
    {
        const long seed = 1;
        var configuration = new TrainingConfiguration("", "", TrainingConfiguration.Shape(layers, layers, 128, 512), Vocabulary: 8_000, TokensPerBatch: 1024, Length: 32);
        var batches = BenchmarkBatches.Full(configuration);
        Replicas = new ModelReplicas(() => new Transformer(configuration.Model, configuration.Vocabulary, Vocabulary.Pad, seed), workers, CPU);
        _trainer = new Trainer(Replicas, batches, batches, new TrainingOptions { TokensPerBatch = configuration.TokensPerBatch }, seed);
        _trainer.Profile();
    }

    public ModelReplicas Replicas { get; }

    /// <summary>Makes an update.</summary>
    /// <returns>Its seconds.</returns>
    public double Update()
    {
        var before = _trainer.State.Seconds;
        _trainer.Update();
        return _trainer.State.Seconds - before;
    }

    public void Dispose()
    {
        _trainer.Dispose();
        Replicas.Dispose();
    }
}
