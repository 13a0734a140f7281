using System.Text.Json;
using System.Text.Json.Serialization;
using TransformerClinic.Model;
using TransformerClinic.Training;

namespace TransformerClinic.Tests.Golden;

public class OptimizerTests
{
    private const int MaxUpdates = 30;
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static TheoryData<string> Runs => ["radam_postln", "radam_admin", "adam_postln", "radam_clip_postln", "radam_accum2_postln", "sgd_postln", "sgd_momentum_postln"];

    [Theory]
    [MemberData(nameof(Runs))]
    public void Thirty_updates_are_the_references(string name)
    {
        var run = JsonSerializer.Deserialize<Dictionary<string, Run>>(File.ReadAllBytes(GoldenTensors.PathOf("optim/runs.json")), SnakeCase)![name];
        using var model = GoldenModel.Load(run.Variant, "init");
        using var parameters = new FlatParameters(model);
        using var optimizer = Optimizer.Create(parameters, run.OptimizerOptions);
        var schedule = new LearningRateSchedule(run.ScheduleOptions, MaxUpdates);
        var batches = new[] { new GoldenBatch(), new GoldenBatch("batch2") }[..run.MicroBatchesPerUpdate];
        var tokens = batches.Sum(batch => batch.Tokens);
        foreach (var step in run.Steps)
        {
            parameters.ZeroGradients();
            var loss = batches.Sum(batch => batch.Loss(model, backward: true).Loss);
            var norm = parameters.GradientNorm() / tokens;
            var clip = run.Hyper.ClipNorm > 0 && norm > run.Hyper.ClipNorm ? run.Hyper.ClipNorm / (norm + 1e-6) : 1;
            optimizer.Step(step.Update, schedule.At(step.Update), clip / tokens);

            Assert.Equal(step.SampleSize, tokens);
            Assert.Equal(step.Lr, schedule.At(step.Update), 1e-12 * step.Lr);
            Assert.Equal(step.LossSum, loss, 1e-8 * step.LossSum);
            Assert.Equal(step.GradNormBeforeClip, norm, 1e-8 * step.GradNormBeforeClip);
            Assert.Equal(step.ParamL2After, parameters.Values.norm().item<double>(), 1e-10 * step.ParamL2After);
            var feedForward = model.get_parameter("encoder.layers.0.feed_forward.branch.inner.bias")!;
            Assert.Equal(step.Fc1Bias0_3After, feedForward.narrow(0, 0, 3).data<double>().ToArray(), (x, y) => Math.Abs(x - y) < 1e-10);
        }

        var path = GoldenTensors.PathOf($"optim/{name}.final.safetensors");
        if (File.Exists(path))
        {
            AssertFinalWeights(model, name);
        }
    }

    /// <summary>The recorded weights are rounded to float32; the keys' bias walks at random, see <see cref="GradientTests"/>.</summary>
    private static void AssertFinalWeights(Transformer model, string name)
    {
        using var final = GoldenTensors.Open($"optim/{name}.final.safetensors");
        foreach (var (parameter, value) in model.named_parameters())
        {
            if (!parameter.EndsWith("input_projection.bias", StringComparison.Ordinal))
            {
                Close.Assert(final[ReferenceWeights.NameOf(parameter)], value, 1e-7, parameter);
            }
        }
    }

    private sealed record Run(string Variant, string Optimizer, int MicroBatchesPerUpdate, Hyper Hyper, Step[] Steps)
    {
        public OptimizerOptions OptimizerOptions => new()
        {
            Name = Enum.Parse<OptimizerName>(Optimizer, ignoreCase: true),
            Beta1 = 0.9,
            Beta2 = 0.98,
            Epsilon = Hyper.AdamEps,
            Momentum = Hyper.Momentum,
            WeightDecay = Hyper.WeightDecay,
        };

        public ScheduleOptions ScheduleOptions => new()
        {
            LearningRate = Hyper.Lr[0],
            WarmUpUpdates = Hyper.WarmupUpdates,
            WarmUpFrom = Hyper.WarmupInitLr,
        };
    }

    private sealed record Hyper(double[] Lr, int WarmupUpdates, double WarmupInitLr, double ClipNorm, double WeightDecay, double AdamEps, double Momentum);

    private sealed record Step(
        int Update,
        double Lr,
        double LossSum,
        int SampleSize,
        double GradNormBeforeClip,
        double ParamL2After,
        [property: JsonPropertyName("fc1_bias0_3_after")] double[] Fc1Bias0_3After);
}
