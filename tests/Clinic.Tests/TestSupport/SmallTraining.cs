using TransformerClinic.Data;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Profiling;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Tests.TestSupport;

/// <summary>What is expected of every variant while a small model learns to read backwards.</summary>
/// <param name="options">How it is trained.</param>
internal sealed class SmallTraining(TrainingOptions options)
{
    /// <summary>A trainer on sequences to be reversed.</summary>
    public Trainer Trainer(ModelReplicas replicas, EarlierTraining? trained = null) =>
        new(
            replicas,
            new TokenBatches(Reversal.Examples(500, seed: 1), options.TokensPerBatch),
            new TokenBatches(Reversal.Examples(50, seed: 2), options.TokensPerBatch),
            options,
            seed: 1,
            trained: trained
        );

    /// <summary>Makes updates, none of which is skipped.</summary>
    public static void Train(Trainer trainer, int updates)
    {
        for (var i = 0; i < updates; i++)
        {
            Assert.False(trainer.Update().Skipped);
        }
    }

    /// <summary>
    /// Training lowers the validation loss, and resumed from a checkpoint it ends with the same bits.
    /// </summary>
    /// <param name="folder">For the checkpoint.</param>
    /// <param name="replicas">Models with the weights of a seed.</param>
    /// <param name="updates">Updates before the checkpoint; 10 follow.</param>
    /// <param name="gain">Nats per token by which the loss falls at least.</param>
    /// <param name="profiled">Told what profiling gives.</param>
    public void AssertResumesExactly(
        string folder,
        Func<long, ModelReplicas> replicas,
        int updates,
        double gain,
        Action<AdminProfile?>? profiled = null
    )
    {
        var store = new CheckpointStore(folder);
        float[] whole;
        using (var models = replicas(1))
        using (var trainer = Trainer(models))
        {
            var profile = trainer.Profile();
            profiled?.Invoke(profile);
            var untrained = trainer.Validate().Nll;
            Train(trainer, updates);
            store.Save(trainer, models.Model, validationLoss: null);
            Train(trainer, 10);
            Assert.InRange(trainer.Validate().Nll, 0, untrained - gain);
            whole = Bits(trainer);
        }

        using var others = replicas(2);
        using var resumed = Trainer(others);
        var found = store.Newest((damaged, reason, _) => Assert.Fail($"{damaged}: {reason}"));
        found!.PutInto(resumed, others.Model);
        Assert.Equal(updates, found!.Update);
        Train(resumed, 10);
        Assert.Equal(whole, Bits(resumed));
    }

    /// <summary>Layers that the backward pass computes again give the gradients of those that were kept.</summary>
    public static void AssertRecomputesExactly(Transformer model)
    {
        using var scope = NewDisposeScope();
        using var parameters = new FlatParameters(model);
        float[] Gradients(bool recompute)
        {
            model.Recomputation.Active = recompute;
            parameters.ZeroGradients();
            model.Dropout.Begin(1);
            var logits = model.Forward(SmallModel.Tokens(3, 5, 1), SmallModel.Tokens(3, 6, 2));
            model.Recomputation.Backward(logits, ones_like(logits) * logits.detach());
            model.Dropout.End();
            return parameters.Gradients.data<float>().ToArray();
        }

        var kept = Gradients(recompute: false);
        Assert.True(kept.Count(value => value != 0) > kept.Length / 2);
        Assert.Equal(kept, Gradients(recompute: true));
    }

    private static float[] Bits(Trainer trainer) => trainer.Parameters.Values.data<float>().ToArray();
}
