using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Tests.Remedies;

/// <summary>Every variant, and some with each option, in training.</summary>
[Trait("Speed", "Slow")]
public sealed class RemedyTrainingTests : IDisposable
{
    private static readonly SmallTraining Small = new(
        new TrainingOptions
        {
            MaxUpdates = 200,
            TokensPerBatch = 200,
            LabelSmoothing = 0,
            Optimizer = new OptimizerOptions { Name = OptimizerName.Adam, WeightDecay = 0.01 },
            Schedule = new ScheduleOptions { LearningRate = 5e-3, WarmUpUpdates = 5 },
        }
    );

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. RemedyCases.Variants, .. RemedyCases.Optional];

    public static TheoryData<string> Optional => [.. RemedyCases.Optional];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void It_trains_and_resumes_with_the_same_bits(string name) =>
        Small.AssertResumesExactly(_folder.FullName, seed => Replicas(name, seed), updates: 20, gain: 0.1);

    [Theory]
    [MemberData(nameof(Optional))]
    public void Layers_that_are_computed_again_have_the_same_gradients(string name)
    {
        using var model = SmallModel.Create(RemedyCases.Options(name));
        SmallTraining.AssertRecomputesExactly(model);
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
        using var trainer = Small.Trainer(replicas);
        foreach (var model in replicas.Models)
        {
            Assert.Equal([1, 1], FactorsOf(model));
        }

        SmallTraining.Train(trainer, updates);

        foreach (var model in replicas.Models)
        {
            Assert.Equal([(float)first, (float)second], FactorsOf(model));
        }
    }

    [Fact]
    public void A_model_that_was_trained_before_keeps_its_factors()
    {
        using var replicas = Replicas("post-ln, pro-res");
        using (var trainer = Small.Trainer(replicas))
        {
            SmallTraining.Train(trainer, 9);
        }

        using var later = Small.Trainer(replicas, new EarlierTraining(Profile: null));
        SmallTraining.Train(later, 3);

        Assert.Equal([8f / 16, 8f / 32], FactorsOf(replicas.Model));
    }

    [Fact]
    public void Of_an_average_of_checkpoints_the_factors_are_averages_too()
    {
        var paths = new List<string>();
        using var replicas = Replicas("post-ln, pro-res");
        using var trainer = Small.Trainer(replicas);
        for (var i = 0; i < 2; i++)
        {
            SmallTraining.Train(trainer, 4);
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
}
