using TransformerClinic.Data;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Tests.Remedies;

/// <summary>Every variant, and some with each option, in training.</summary>
[Trait("Speed", "Slow")]
public sealed class RemedyTrainingTests : IDisposable
{
    private static readonly TrainingOptions Training = new()
    {
        MaxUpdates = 200,
        TokensPerBatch = 200,
        LabelSmoothing = 0,
        Optimizer = new OptimizerOptions { Name = OptimizerName.Adam, WeightDecay = 0.01 },
        Schedule = new ScheduleOptions { LearningRate = 3e-3, WarmUpUpdates = 5 },
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. RemedyCases.Variants, .. RemedyCases.Optional];

    public static TheoryData<string> Optional => [.. RemedyCases.Optional];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void It_trains_and_resumes_with_the_same_bits(string name)
    {
        var store = new CheckpointStore(_folder.FullName);
        float[] whole;
        using (var replicas = Replicas(name))
        using (var trainer = Trainer(replicas))
        {
            trainer.Profile();
            var untrained = trainer.Validate().Nll;
            Train(trainer, 40);
            store.Save(trainer, replicas.Model, validationLoss: null);
            Train(trainer, 10);
            Assert.InRange(trainer.Validate().Nll, 0, untrained - 0.1);
            whole = Bits(trainer);
        }

        using var others = Replicas(name, seed: 2);
        using var resumed = Trainer(others);
        var found = store.Newest((folder, reason, _) => Assert.Fail($"{folder}: {reason}"));
        found!.PutInto(resumed, others.Model);
        Assert.Equal(40, found!.Update);
        Train(resumed, 10);
        Assert.Equal(whole, Bits(resumed));
    }

    [Theory]
    [MemberData(nameof(Optional))]
    public void Layers_that_are_computed_again_have_the_same_gradients(string name)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(RemedyCases.Options(name));
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

    /// <summary>
    /// T is 16: after t updates that is t/16 in the first layer, t/32 in the second with ProRes. Weight decay and two
    /// workers change nothing of it.
    /// </summary>
    [Theory]
    [InlineData("post-ln, pro-res", 10, 9.0 / 16, 9.0 / 32)]
    [InlineData("post-ln, pro-res", 20, 1, 19.0 / 32)]
    [InlineData("peri-ln, branch-norm", 10, 9.0 / 16, 9.0 / 16)]
    [InlineData("peri-ln, branch-norm", 17, 1, 1)]
    public void Branches_are_as_large_as_the_schedule_says(string name, int updates, double first, double second)
    {
        using var replicas = Replicas(name, workers: 2);
        using var trainer = Trainer(replicas);
        foreach (var model in replicas.Models)
        {
            Assert.Equal([1, 1], FactorsOf(model));
        }

        Train(trainer, updates);

        foreach (var model in replicas.Models)
        {
            Assert.Equal([(float)first, (float)second], FactorsOf(model));
        }
    }

    [Fact]
    public void A_model_that_was_trained_before_keeps_its_factors()
    {
        using var replicas = Replicas("post-ln, pro-res");
        using (var trainer = Trainer(replicas))
        {
            Train(trainer, 9);
        }

        using var later = Trainer(replicas, new EarlierTraining(Profile: null));
        Train(later, 3);

        Assert.Equal([8f / 16, 8f / 32], FactorsOf(replicas.Model));
    }

    [Fact]
    public void Of_an_average_of_checkpoints_the_factors_are_averages_too()
    {
        var paths = new List<string>();
        using var replicas = Replicas("post-ln, pro-res");
        using var trainer = Trainer(replicas);
        for (var i = 0; i < 2; i++)
        {
            Train(trainer, 4);
            paths.Add(_folder.PathOf($"{i}"));
            using var stream = File.Create(paths[^1]);
            ModuleWeights.Write(stream, replicas.Model);
        }

        using var model = Model("post-ln, pro-res", seed: 3);
        CheckpointAverage.PutInto(model, paths);

        Assert.Equal([5f / 16, 5f / 32], FactorsOf(model));
    }

    private static float[] FactorsOf(Transformer model) =>
        [.. model.Encoder.Layers.Select(layer => layer.FeedForward.Residual.get_parameter("schedule")!.item<float>())];

    private static ModelReplicas Replicas(string name, long seed = 1, int workers = 1) =>
        new(() => Model(name, seed), workers, CPU);

    private static Transformer Model(string name, long seed) => SmallModel.Create(RemedyCases.Options(name), seed);

    private static Trainer Trainer(ModelReplicas replicas, EarlierTraining? trained = null) =>
        new(
            replicas,
            new TokenBatches(Reversal.Examples(500, seed: 1), Training.TokensPerBatch),
            new TokenBatches(Reversal.Examples(50, seed: 2), Training.TokensPerBatch),
            Training,
            seed: 1,
            trained: trained
        );

    private static void Train(Trainer trainer, int updates)
    {
        for (var i = 0; i < updates; i++)
        {
            Assert.False(trainer.Update().Skipped);
        }
    }

    private static float[] Bits(Trainer trainer) => trainer.Parameters.Values.data<float>().ToArray();
}
