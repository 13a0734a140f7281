using TransformerClinic.Model;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Distributed;

public class ModelReplicasTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Workers_find_together_what_one_finds_alone(int workers)
    {
        using var scope = NewDisposeScope();
        var batch = Reversal.Batch(5, seed: 1);
        using var one = WithoutDropout(1);
        using var several = WithoutDropout(workers);
        var expected = one.AddGradients(batch, 0.1, _ => 0);
        var actual = several.AddGradients(batch, 0.1, _ => 0);
        Assert.Equal(expected.Loss, actual.Loss, 1e-4);
        Assert.Equal(expected.Nll, actual.Nll, 1e-4);
        var largest = one.Parameters.Gradients.abs().max().item<float>();
        Assert.True(
            (one.Parameters.Gradients - several.Parameters.Gradients).abs().max().item<float>() < 1e-5 * largest
        );
    }

    [Fact]
    public void The_gradient_is_that_of_the_loss_over_the_real_targets()
    {
        using var scope = NewDisposeScope();
        var batch = Reversal.Batch(4, seed: 2);
        using var replicas = WithoutDropout(1);
        var (loss, nll) = replicas.AddGradients(batch, 0.1, _ => 0);

        using var model = SmallModel.Create(
            SmallModel.Options() with
            {
                Dropout = 0,
                AttentionDropout = 0,
                ActivationDropout = 0,
            }
        );
        using var expected = new FlatParameters(model);
        var source = tensor(batch.Source, [4, batch.SourceLength]);
        var logits = model.Forward(source, tensor(batch.PreviousOutput, [4, batch.TargetLength])).flatten(0, 1);
        var targets = tensor(batch.Target);
        var real = logits[targets.ne(1)];
        var crossEntropy = nn.functional.cross_entropy(
            real,
            targets[targets.ne(1)],
            reduction: nn.Reduction.Sum,
            label_smoothing: 0.1
        );
        crossEntropy.backward();
        Assert.Equal(crossEntropy.item<float>(), loss, 1e-4);
        Assert.True(nll < loss * 1.2);
        var largest = expected.Gradients.abs().max().item<float>();
        Assert.True((expected.Gradients - replicas.Parameters.Gradients).abs().max().item<float>() < 1e-5 * largest);
    }

    [Fact]
    public void Evaluation_sums_over_batches_drops_nothing_and_leaves_the_gradients_alone()
    {
        using var replicas = new ModelReplicas(() => SmallModel.Create(), 2, CPU);
        var (first, second) = (Reversal.Batch(4, seed: 1), Reversal.Batch(6, seed: 2));
        var (loss, nll) = replicas.Evaluate([first, second], 0.1);
        var (firstLoss, firstNll) = replicas.Evaluate([first], 0.1);
        var (secondLoss, secondNll) = replicas.Evaluate([second], 0.1);
        Assert.Equal(firstLoss + secondLoss, loss, 1e-9);
        Assert.Equal(firstNll + secondNll, nll, 1e-9);
        Assert.Equal(0, replicas.Parameters.GradientNorm());
    }

    [Fact]
    public void The_dropout_key_decides_the_masks()
    {
        using var replicas = new ModelReplicas(() => SmallModel.Create(), 2, CPU);
        var batch = Reversal.Batch(4, seed: 1);
        var first = replicas.AddGradients(batch, 0.1, worker => 5 + (ulong)worker);
        Assert.Equal(first, replicas.AddGradients(batch, 0.1, worker => 5 + (ulong)worker));
        Assert.NotEqual(first, replicas.AddGradients(batch, 0.1, worker => 6 + (ulong)worker));
    }

    [Theory]
    [InlineData(EmbeddingSharing.All, true)]
    [InlineData(EmbeddingSharing.Decoder, false)]
    [InlineData(EmbeddingSharing.None, true)]
    public void Layers_computed_again_give_the_same_bits(EmbeddingSharing sharing, bool bfloat16)
    {
        (IReadOnlyList<(double, double)> Losses, float[] Gradients) Accumulated(bool recompute)
        {
            using var replicas = new ModelReplicas(
                () => SmallModel.Create(SmallModel.Options() with { SharedEmbeddings = sharing }),
                2,
                CPU,
                bfloat16,
                recompute
            );
            List<(double, double)> losses =
            [
                .. Enumerable
                    .Range(1, 3)
                    .Select(i =>
                        replicas.AddGradients(Reversal.Batch(5, seed: i), 0.1, worker => (ulong)((10 * i) + worker))
                    ),
            ];
            return (losses, replicas.Parameters.Gradients.data<float>().ToArray());
        }

        var (kept, again) = (Accumulated(recompute: false), Accumulated(recompute: true));
        Assert.Equal(kept.Losses, again.Losses);
        Assert.Equal(kept.Gradients, again.Gradients);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(9)]
    public void Any_number_of_workers_adds_the_same_pieces_up_to_the_same_bits(int workers)
    {
        static (IReadOnlyList<PieceLoss> Losses, float[] Gradients) Sum(int workers)
        {
            using var replicas = new ModelReplicas(() => SmallModel.Create(), workers, CPU);
            var batches = Enumerable
                .Range(1, 3)
                .Select(i => new UpdateBatch(() => Reversal.Batch(5, seed: i), 0, part => (ulong)((10 * i) + part)))
                .ToList();
            for (var pass = 0; ; pass++)
            {
                // Twice: what an update leaves behind is not of the next one.
                var sums = replicas.AddGradients(
                    UpdateBatch.PiecesOf(batches, new PieceNode(0, 9), parts: 3),
                    first: 0,
                    of: 9,
                    smoothing: 0.1
                );
                Assert.Same(replicas.Parameters.Gradients, Assert.Single(sums.Gradients).Sum);
                if (pass == 1)
                {
                    return (sums.Losses, replicas.Parameters.Gradients.data<float>().ToArray());
                }
            }
        }

        var (one, several) = (Sum(1), Sum(workers));
        Assert.Equal(one.Losses, several.Losses);
        Assert.Equal(one.Gradients, several.Gradients);
    }

    [Fact]
    public void The_sum_is_that_of_the_tree_of_gradients_computed_one_by_one()
    {
        using var replicas = new ModelReplicas(() => SmallModel.Create(), workers: 2, CPU);
        var batch = new UpdateBatch(() => Reversal.Batch(10, seed: 1), 0, part => (ulong)part);
        float[][] gradients =
        [
            .. batch
                .Pieces(0, 5, 5)
                .Select(
                    (piece, i) =>
                    {
                        replicas.AddGradients([piece], 0, 1, 0.1);
                        return replicas.Parameters.Gradients.data<float>().ToArray();
                    }
                ),
        ];
        replicas.AddGradients([.. batch.Pieces(0, 5, 5)], 0, 5, 0.1);
        Assert.Equal(
            gradients[0]
                .Select(
                    (_, i) => gradients[0][i] + gradients[1][i] + gradients[2][i] + (gradients[3][i] + gradients[4][i])
                ),
            replicas.Parameters.Gradients.data<float>().ToArray()
        );
    }

    [Fact]
    public void Only_the_batches_of_a_run_are_made()
    {
        var made = new List<int>();
        var batches = Enumerable
            .Range(0, 4)
            .Select(i => new UpdateBatch(
                () =>
                {
                    made.Add(i);
                    return Reversal.Batch(4, seed: i);
                },
                0,
                part => (ulong)((10 * i) + part)
            ))
            .ToList();
        var pieces = UpdateBatch.PiecesOf(batches, new PieceNode(3, 7), parts: 3);
        Assert.Equal([10, 11, 12, 20], pieces.Select(piece => (int)piece.DropoutKey));
        Assert.Equal([1, 2], made);
    }

    /// <summary>
    /// The backward pass of layers that are one function fills their gradients; nobody sets them to zero before.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_is_in_the_gradients_before_does_not_matter(int workers)
    {
        using var replicas = new ModelReplicas(() => SmallModel.Create(OfKernels), workers, CPU);
        var batch = new UpdateBatch(() => Reversal.Batch(6, seed: 1), 0, part => (ulong)part);
        float[] Gradients()
        {
            foreach (var gradients in replicas.Parameters.GradientsOfEach)
            {
                gradients.bytes.Fill(byte.MaxValue); // not a number
            }

            replicas.AddGradients([.. batch.Pieces(0, 3, 3)], 0, 3, 0.1);
            return replicas.Parameters.Gradients.data<float>().ToArray();
        }

        var expected = Gradients();
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        Assert.True(expected.Count(value => value != 0) > expected.Length / 2);
        foreach (var model in replicas.Models)
        {
            model.Encoder.Layers[0].FeedForward.Residual.Observer = (_, _, _) => { };
        }

        Assert.Equal(expected, Gradients());
        Assert.False(replicas.Model.FillGradientsOfLayers());
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(2, 5)]
    [InlineData(3, 8)]
    public void Squares_added_up_in_passing_are_those_of_the_sum(int workers, int parts)
    {
        var large = SmallModel.Options() with { Dim = 64, FeedForwardDim = 512 };
        using var replicas = new ModelReplicas(() => SmallModel.Create(large), workers, CPU);
        Assert.True(BlockNorm.Blocks(replicas.Parameters.Gradients) > 2);
        var batch = new UpdateBatch(() => Reversal.Batch(10, seed: 1), 0, part => (ulong)part);
        var sums = replicas.AddGradients([.. batch.Pieces(0, parts, parts)], 0, parts, 0.1);
        Assert.Equal(BlockNorm.Squares(replicas.Parameters.Gradients), sums.Squares);
        Assert.Null(replicas.AddGradients([.. batch.Pieces(0, parts - 1, parts)], 0, parts, 0.1).Squares);
    }

    private static ModelOptions OfKernels => SmallModel.Options() with { Dim = 32, FeedForwardDim = 48 };

    private static ModelReplicas WithoutDropout(int workers) =>
        new(
            () =>
                SmallModel.Create(
                    SmallModel.Options() with
                    {
                        Dropout = 0,
                        AttentionDropout = 0,
                        ActivationDropout = 0,
                    }
                ),
            workers,
            CPU
        );
}
