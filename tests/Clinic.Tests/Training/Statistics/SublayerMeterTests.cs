using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Statistics;

public class SublayerMeterTests
{
    private static readonly TrainingOptions Options = new()
    {
        TokensPerBatch = 100,
        ClipNorm = 0.5,
        Optimizer = new OptimizerOptions { Name = OptimizerName.Adam, WeightDecay = 0.01 },
        Schedule = new ScheduleOptions { LearningRate = 5e-3, WarmUpUpdates = 2 },
    };

    [Theory]
    [InlineData(ResidualVariant.Admin)]
    [InlineData(ResidualVariant.PreLn)]
    [InlineData(ResidualVariant.AdminAnalytic)]
    public void Statistics_are_computed_from_the_parameters_of_each_sublayer(ResidualVariant variant)
    {
        using var replicas = new ModelReplicas(() => SmallModel.Create(SmallModel.Options(variant)), workers: 2, CPU);
        using var trainer = Train(replicas, Options with { StatisticsEvery = 3 });
        trainer.Profile();
        Assert.Null(trainer.Update().Sublayers);
        Assert.Null(trainer.Update().Sublayers);
        var before = Parameters(replicas);

        var report = trainer.Update();

        var after = Parameters(replicas);
        var gradients = replicas.Parameters.Slots.ToDictionary(
            slot => slot.Name,
            slot => Numbers(FlatParameters.View(replicas.Parameters.Gradients, slot)),
            StringComparer.Ordinal
        );
        var model = SmallModel.Options(variant);
        var expected =
            from stack in (StackName[])[StackName.Encoder, StackName.Decoder]
            from layer in Enumerable.Range(0, stack == StackName.Encoder ? model.Encoder.Layers : model.Decoder.Layers)
            from kind in SublayerAddress.KindsIn(stack)
            select new SublayerAddress(stack, layer, kind);
        Assert.Equal(expected, report.Sublayers!.Select(measured => measured.Address));
        foreach (var measured in report.Sublayers!)
        {
            var prefix = measured.Address.Path + ".";
            var names = before.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(names);
            var moved = Norm(names.SelectMany(name => before[name].Zip(after[name], (old, now) => now - old)));
            AssertNear(
                Norm(names.SelectMany(name => gradients[name])) / report.TargetTokens,
                measured.GradientNorm!.Value
            );
            AssertNear(moved / Norm(names.SelectMany(name => before[name])), measured.RelativeUpdate!.Value);
            Assert.Equal(variant != ResidualVariant.PreLn, measured.Omega is not null);
            if (after.TryGetValue(prefix + "residual.omega", out var omega))
            {
                AssertNear(omega.Average(), measured.Omega!.Mean);
                Assert.Equal((omega.Min(), omega.Max()), (measured.Omega.Min, measured.Omega.Max));
            }
        }

        // All sublayers together have less of the gradient than all parameters.
        var sum = Math.Sqrt(
            report.Sublayers!.Sum(measured => measured.GradientNorm!.Value * measured.GradientNorm.Value)
        );
        Assert.InRange(sum, 0.1 * report.GradientNorm, report.GradientNorm);
    }

    [Fact]
    public void Weights_and_optimizer_state_are_the_same_with_and_without_the_meter()
    {
        using var plain = new ModelReplicas(() => SmallModel.Create(), workers: 2, CPU);
        using var measured = new ModelReplicas(() => SmallModel.Create(), workers: 2, CPU);
        using var without = Train(plain, Options with { StatisticsEvery = 0 });
        using var with = Train(measured, Options with { StatisticsEvery = 1 });
        without.Profile();
        with.Profile();
        for (var update = 0; update < 6; update++)
        {
            Assert.Null(without.Update().Sublayers);
            Assert.NotNull(with.Update().Sublayers);
        }

        Assert.Equal(plain.Parameters.Values.bytes.ToArray(), measured.Parameters.Values.bytes.ToArray());
        Assert.All(
            without.Optimizer.State.Zip(with.Optimizer.State),
            pair => Assert.Equal(pair.First.Values.bytes.ToArray(), pair.Second.Values.bytes.ToArray())
        );
        Assert.Equal(without.State.SinceLogged, with.State.SinceLogged);
    }

    private static Trainer Train(ModelReplicas replicas, TrainingOptions options) =>
        new(
            replicas,
            new TokenBatches(Reversal.Examples(60, seed: 1), 100),
            new TokenBatches(Reversal.Examples(10, seed: 2), 100),
            options,
            seed: 1
        );

    private static Dictionary<string, double[]> Parameters(ModelReplicas replicas) =>
        replicas.Parameters.Slots.ToDictionary(
            slot => slot.Name,
            slot => Numbers(FlatParameters.View(replicas.Parameters.Values, slot)),
            StringComparer.Ordinal
        );

    private static double[] Numbers(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return [.. tensor.to(ScalarType.Float64).data<double>()];
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    private static void AssertNear(double expected, double actual) =>
        Assert.InRange(actual, expected * (1 - 1e-4), expected * (1 + 1e-4));
}
