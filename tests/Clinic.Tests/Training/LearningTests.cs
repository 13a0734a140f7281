using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training;

/// <summary>Runs alone: it counts all tensors of the process.</summary>
[Trait("Speed", "Slow")]
[Collection(nameof(Alone))]
public class LearningTests
{
    private const int Longest = 3;

    private static readonly TrainingOptions Options = new()
    {
        MaxUpdates = 200,
        TokensPerBatch = 200,
        LabelSmoothing = 0,
        Schedule = new ScheduleOptions { LearningRate = 1e-2, WarmUpUpdates = 50 },
    };

    /// <summary>Those of the later ones whose streams or branches are like none of the others.</summary>
    public static TheoryData<ResidualVariant> Variants =>
        [.. Enum.GetValues<ResidualVariant>().Where(variant => variant != ResidualVariant.SpanNorm)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_small_model_learns_to_read_backwards_and_keeps_no_tensor_alive(ResidualVariant variant)
    {
        using var replicas = new ModelReplicas(() => Model(variant), workers: 1, CPU);
        using var trainer = new Trainer(
            replicas,
            new TokenBatches(Reversal.Examples(3000, seed: 1, Longest), Options.TokensPerBatch),
            new TokenBatches(Reversal.Examples(200, seed: 2, Longest), Options.TokensPerBatch),
            Options,
            seed: 1
        );
        trainer.Profile();
        var untrained = trainer.Validate();
        Assert.InRange(untrained.Nll, 2, 6);
        Train(trainer, 10);
        var tensors = TensorsInUse();
        Train(trainer, 10);
        Assert.Equal(tensors, Tensor.TotalCount);
        Train(trainer, Options.MaxUpdates - 20);
        var trained = trainer.Validate();

        // Guessing among the sixteen words costs 2.8 nats. Branches that begin small take longer.
        var floor = variant
            is ResidualVariant.DeepNorm
                or ResidualVariant.Rezero
                or ResidualVariant.RezeroPostLn
                or ResidualVariant.B2t
                or ResidualVariant.SkipInit
                or ResidualVariant.LayerScale
            ? 1.2
            : 0.5;
        Assert.True(trained.Nll < floor, $"{variant}: {untrained.Nll:f2} to {trained.Nll:f2} nats a token");
        Assert.Equal(tensors, Tensor.TotalCount);
    }

    /// <summary>Tensors of the process, once those that nobody holds any more are gone.</summary>
    private static long TensorsInUse()
    {
        GarbageCollections.OfAll();
        return Tensor.TotalCount;
    }

    private static Transformer Model(ResidualVariant variant)
    {
        var options = SmallModel.Options(variant) with
        {
            Dim = 32,
            Heads = 4,
            FeedForwardDim = 64,
            Dropout = 0,
            AttentionDropout = 0,
            ActivationDropout = 0,
        };
        return new Transformer(options, SmallModel.Words, Vocabulary.Pad, seed: 1);
    }

    private static void Train(Trainer trainer, int updates)
    {
        for (var i = 0; i < updates; i++)
        {
            var report = trainer.Update();
            Assert.False(report.Skipped);
        }
    }
}
