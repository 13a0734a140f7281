using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using static TorchSharp.torch;

namespace TransformerClinic.Bench;

/// <summary>The project's own trainer with its own model, profiled and ready for the first update.</summary>
internal sealed class ProfiledTraining : IDisposable
{
    /// <summary>Decides initial weights and the order of batches.</summary>
    public const long Seed = 1;

    public ProfiledTraining(
        ModelOptions model,
        int vocabulary,
        TokenBatches batches,
        TrainingOptions options,
        int workers,
        Device? device = null
    )
    {
        Replicas = new ModelReplicas(
            () => new Transformer(model, vocabulary, Vocabulary.Pad, Seed),
            workers,
            device ?? CPU
        );
        Trainer = new Trainer(Replicas, batches, batches, options, Seed);
        Trainer.Profile();
    }

    public ModelReplicas Replicas { get; }

    public Trainer Trainer { get; }

    public void Dispose()
    {
        Trainer.Dispose();
        Replicas.Dispose();
    }
}
