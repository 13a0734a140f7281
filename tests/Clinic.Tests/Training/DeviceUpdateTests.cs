using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Loss;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training;

/// <summary>
/// What a GPU would compute, by libtorch's operators on the processor: the same as the processor's kernels.
/// </summary>
public class DeviceUpdateTests
{
    public static TheoryData<ResidualVariant, bool, bool, double> Updates() =>
        new()
        {
            { ResidualVariant.PostLn, false, false, 0 },
            { ResidualVariant.Admin, false, false, 0.1 },
            { ResidualVariant.Admin, false, true, 0 },
            { ResidualVariant.PreLn, false, false, 0 },
            { ResidualVariant.Admin, true, false, 0 },
            { ResidualVariant.Admin, true, true, 0.1 },
        };

    [Theory]
    [MemberData(nameof(Updates))]
    public void Operators_find_the_losses_and_gradients_that_the_kernels_find(
        ResidualVariant variant,
        bool bfloat16,
        bool recompute,
        double attentionDropout
    )
    {
        using var scope = NewDisposeScope();
        var options = SmallModel.Options(variant) with { AttentionDropout = attentionDropout };
        var batch = Reversal.Batch(7, seed: 3);
        var (kernelLoss, kernels) = Gradients(byOperators: false);
        var (operatorLoss, operators) = Gradients(byOperators: true);

        // In bfloat16 a sum of products has 8 bits; the operators round in other places than the kernels.
        var tolerance = bfloat16 ? 2e-2 : 1e-5;
        Assert.Equal(kernelLoss.Loss, operatorLoss.Loss, tolerance * kernelLoss.Loss);
        Assert.Equal(kernelLoss.Nll, operatorLoss.Nll, tolerance * kernelLoss.Nll);
        var difference = operators.sub(kernels).norm().item<float>() / kernels.norm().item<float>();
        Assert.InRange(difference, 0, bfloat16 ? 5e-2 : 1e-5);

        ((double Loss, double Nll), Tensor) Gradients(bool byOperators)
        {
            using var replicas = new ModelReplicas(
                () => SmallModel.Create(options),
                workers: 1,
                CPU,
                bfloat16,
                recompute,
                byOperators
            );
            var loss = replicas.AddGradients(batch, 0.1, _ => 5);
            return (loss, replicas.Parameters.Gradients.clone());
        }
    }

    /// <summary>Losses are read late, batches are made early, other epochs follow: the same training.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_training_by_operators_is_the_training_by_kernels(int accumulate)
    {
        var (kernels, operators) = (Train(byOperators: false), Train(byOperators: true));
        Assert.Equal(kernels.Count, operators.Count);
        Assert.All(
            kernels.Zip(operators),
            pair =>
            {
                Assert.Equal(pair.First.Update, pair.Second.Update);
                Assert.Equal(pair.First.TargetTokens, pair.Second.TargetTokens);
                Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-4 * pair.First.Loss);
                Assert.Equal(pair.First.GradientNorm, pair.Second.GradientNorm, 1e-3 * pair.First.GradientNorm);
            }
        );

        List<UpdateReport> Train(bool byOperators)
        {
            using var replicas = new ModelReplicas(() => SmallModel.Create(), 1, CPU, byOperators: byOperators);
            using var trainer = new Trainer(
                replicas,
                new TokenBatches(Reversal.Examples(40, seed: 1), 60),
                new TokenBatches(Reversal.Examples(10, seed: 2), 60),
                new TrainingOptions { Accumulate = accumulate },
                seed: 1
            );
            trainer.Profile();
            return [.. Enumerable.Range(0, 12).Select(_ => trainer.Update())];
        }
    }

    [Fact]
    public void Operators_validate_as_the_kernels_do()
    {
        using var scope = NewDisposeScope();
        var batch = Reversal.Batch(7, seed: 3);
        using var kernels = new ModelReplicas(() => SmallModel.Create(), 1, CPU);
        using var operators = new ModelReplicas(() => SmallModel.Create(), 1, CPU, byOperators: true);
        var expected = kernels.Evaluate([batch], 0.1);
        var found = operators.Evaluate([batch], 0.1);
        Assert.Equal(expected.Loss, found.Loss, 1e-5 * expected.Loss);
        Assert.Equal(expected.Nll, found.Nll, 1e-5 * expected.Nll);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_loss_of_bfloat16_logits_is_computed_in_float32(bool rulesOut)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var logits = (randn([40, 700], generator: random) * tensor(2f)).to(ScalarType.BFloat16);
        Tensor? ruledOut = null;
        if (rulesOut)
        {
            ruledOut = zeros([700], ScalarType.Bool);
            ruledOut[690] = tensor(true);
            logits = logits.masked_fill(ruledOut, double.NegativeInfinity);
        }

        var targets = randint(0, 600, [40], dtype: ScalarType.Int64, generator: random);
        BatchLoss Loss(Tensor of, bool byOperators) =>
            LabelSmoothedCrossEntropy.Evaluate(of, targets, 0.1, withGradient: true, ruledOut, byOperators);
        var exact = Loss(logits.to(ScalarType.Float64), byOperators: true);
        var found = Loss(logits, byOperators: true);

        Assert.Equal(exact.Loss, found.Loss, 1e-6 * exact.Loss);
        Assert.Equal(exact.Nll, found.Nll, 1e-6 * exact.Nll);
        Assert.Equal(ScalarType.BFloat16, found.Gradient!.dtype);
        var difference = found.Gradient.to(ScalarType.Float64).sub(exact.Gradient!).abs();
        Assert.True(difference.le(exact.Gradient!.abs().mul(1 / 256.0).add(1e-7)).all().item<bool>());
        var kernel = Loss(logits, byOperators: false).Gradient!;
        var one = kernel.to(ScalarType.Float64).abs().mul(1 / 128.0); // at a border, the other neighbor
        Assert.True(kernel.sub(found.Gradient).to(ScalarType.Float64).abs().le(one).all().item<bool>());
    }

    [Fact]
    public void A_batch_goes_to_a_device_in_one_copy_with_the_same_contents()
    {
        using var scope = NewDisposeScope();
        var batch = Reversal.Batch(7, seed: 3);
        var (apart, together) = (
            TensorBatch.Of(batch, CPU, together: false),
            TensorBatch.Of(batch, CPU, together: true)
        );
        Assert.True(apart.Source.Equals(together.Source));
        Assert.True(apart.PreviousOutput.Equals(together.PreviousOutput));
        Assert.True(apart.TargetPositions.Equals(together.TargetPositions));
        Assert.True(apart.Targets.Equals(together.Targets));
    }

    [Fact]
    public void A_batch_knows_whether_it_has_padding()
    {
        using var scope = NewDisposeScope();
        var (padded, full) = (
            TensorBatch.Of(Reversal.Batch(7, seed: 3), CPU),
            TensorBatch.Of(Reversal.Batch(1, seed: 3), CPU)
        );
        Assert.Equal((true, true), (padded.SourceIsPadded, padded.PreviousOutputIsPadded));
        Assert.Equal((false, false), (full.SourceIsPadded, full.PreviousOutputIsPadded));
        using var model = SmallModel.Create();
        Assert.Equal(Values(model, padded.Source, null), Values(model, padded.Source, true));
        Assert.Equal(Values(model, full.Source, null), Values(model, full.Source, false));

        static float[] Values(Transformer model, Tensor source, bool? isPadded)
        {
            using var noGradient = no_grad();
            return model.Encode(source, isPadded).Output.data<float>().ToArray();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(MemoryPass.ChunkLength)]
    [InlineData((66 * MemoryPass.ChunkLength) + 5)]
    public void Operators_find_the_squares_of_the_blocks(int length)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1, CPU);
        var values = randn(length, generator: random);
        Assert.Equal(
            BlockNorm.Squares(values),
            BlockNorm.ByOperators(values).Read(),
            (a, b) => Math.Abs(a - b) < 1e-12 * a
        );
    }

    [Fact]
    public void Numbers_of_a_device_are_read_once_and_outlive_the_scope_that_made_them()
    {
        DeviceNumbers numbers;
        using (NewDisposeScope())
        {
            numbers = new DeviceNumbers(tensor([1.5, 2.5])).DetachFromDisposeScope();
        }

        var live = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Equal([1.5, 2.5], numbers.Read());
        Assert.Equal(live - 1, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(2.5, numbers[1]);
    }
}
