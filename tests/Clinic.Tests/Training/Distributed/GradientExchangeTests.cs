using TransformerClinic.Data;
using TransformerClinic.Distribution;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Distributed;

/// <summary>Trainers that make updates together, with a model of some blocks of parameters.</summary>
[Trait("Speed", "Slow")]
public class GradientExchangeTests
{
    private const int Updates = 3;

    public static TheoryData<OptimizerName, bool, int> Trainings() =>
        new()
        {
            { OptimizerName.Radam, false, 1 },
            { OptimizerName.Adam, true, 4 },
            { OptimizerName.Sgd, false, 4 },
        };

    [Theory]
    [MemberData(nameof(Trainings))]
    public void Processes_times_threads_do_not_matter(OptimizerName optimizer, bool bfloat16, int accumulate)
    {
        var options = Options(optimizer) with { Accumulate = accumulate, Ema = bfloat16 ? 0.9 : 0 };
        var alone = Train(new SingleProcess(), options, threads: 4, bfloat16);
        Assert.Equal(optimizer == OptimizerName.Sgd ? 1 : 2, alone.State.Count);
        foreach (var (processes, threads) in new[] { (2, 2), (4, 1), (3, 1), (5, 2) })
        {
            var all = ThreadGroup.Run(processes, group => Train(group, options, threads, bfloat16));
            Assert.All(
                all,
                one =>
                {
                    Assert.Equal(alone.Reports, one.Reports);
                    Assert.Equal(alone.Weights, one.Weights);
                    Assert.Equal(alone.Average, one.Average);
                }
            );
            Assert.Equal(
                alone.State,
                Enumerable.Range(0, alone.State.Count).Select(i => all.SelectMany(one => one.State[i]).ToArray())
            );
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Processes_whose_floats_NCCL_moves_find_the_same(int processes)
    {
        var options = Options(OptimizerName.Adam) with { Accumulate = 2 };
        var alone = Train(new SingleProcess(), options, threads: 4);
        var all = ThreadGroup.Run(
            processes,
            threads =>
            {
                using var group = NcclGroup.Enter(threads, new FakeNccl(threads), TimeSpan.FromMinutes(1));
                return Train(group, options, threads: 1);
            }
        );
        Assert.All(all, one => Assert.Equal(alone.Reports, one.Reports));
        Assert.All(all, one => Assert.Equal(alone.Weights, one.Weights));
        var plain = ThreadGroup.Run(processes, group => Train(group, options, threads: 1));
        Assert.Equal(plain.Select(one => one.BytesOfAnUpdate), all.Select(one => one.BytesOfAnUpdate));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Each_process_keeps_its_shard_of_the_state_and_sends_what_a_ring_would(int processes)
    {
        var all = ThreadGroup.Run(processes, group => Train(group, Options(OptimizerName.Adam), threads: 1));
        var parameters = all[0].Weights.Length;
        Assert.Equal(2 * parameters, all.Sum(one => one.State.Sum(state => state.Length)));
        Assert.All(
            all,
            one =>
                Assert.InRange(
                    one.State[0].Length,
                    (parameters / processes) - MemoryPass.ChunkLength,
                    (parameters / processes) + MemoryPass.ChunkLength
                )
        );
        var floats = 2.0 * (processes - 1) / processes * parameters;
        Assert.Equal(1, all.Average(one => one.BytesOfAnUpdate) / (floats * sizeof(float)), 0.01);
    }

    [Fact]
    public void Uneven_shares_send_as_much_more_as_was_said()
    {
        var options = Options(OptimizerName.Adam) with { Parts = 8 };
        var all = ThreadGroup.Run(3, group => Train(group, options, threads: 1));
        var said = new UpdateShare(1, 8, 3).Traffic;
        Assert.Equal(4.0 / 3, said, 1e-9);

        // Shards are not quite equal, and it is the smaller ones whose other sums are sent.
        var floats = 2.0 * 2 / 3 * all[0].Weights.Length;
        Assert.Equal(said, all.Average(one => one.BytesOfAnUpdate) / (floats * sizeof(float)), 0.05);
    }

    [Fact]
    public void Whoever_is_asked_to_stop_all_learn_of_it_with_the_next_update_and_go_by_the_first_ones_clock()
    {
        var agreed = ThreadGroup.Run(
            3,
            group =>
            {
                using var training = new Training(group, Options(OptimizerName.Adam), threads: 1, bfloat16: false);
                var stop = new CancellationToken(canceled: group.Rank == 2);
                var before = training.Trainer.IsToStop(stop);
                training.Trainer.Update(() => stop.IsCancellationRequested);
                return (before, After: training.Trainer.IsToStop(stop), training.Trainer.AgreedSeconds);
            }
        );
        Assert.All(agreed, one => Assert.Equal((false, true, agreed[0].AgreedSeconds), one));
    }

    private static TrainingOptions Options(OptimizerName optimizer) =>
        new()
        {
            TokensPerBatch = 120,
            Parts = 4,
            ClipNorm = 0.5,
            StatisticsEvery = 2,
            Optimizer = new OptimizerOptions
            {
                Name = optimizer,
                Momentum = optimizer == OptimizerName.Sgd ? 0.9 : 0,
                WeightDecay = 1e-3,
            },
            Schedule = new ScheduleOptions { LearningRate = 1e-2, WarmUpUpdates = 2 },
        };

    private static Trained Train(ProcessGroup group, TrainingOptions options, int threads, bool bfloat16 = false)
    {
        using var training = new Training(group, options, threads, bfloat16);
        var trainer = training.Trainer;
        trainer.Profile();
        var reports = new List<string>();
        long sent = 0;
        for (var i = 0; i < Updates; i++)
        {
            var before = group.BytesSent;
            var report = trainer.Update();
            if (report.Sublayers is null)
            {
                sent = group.BytesSent - before;
            }

            reports.Add(
                $"{report with { Sublayers = null }} {string.Join(';', report.Sublayers ?? [])} {trainer.Validate()}"
            );
        }

        return new Trained(
            reports,
            Bits(trainer.Parameters.Values),
            [.. trainer.Optimizer.State.Select(state => Bits(state.Values))],
            trainer.MovingAverage is { } average ? Bits(average.Values) : [],
            sent
        );
    }

    private static int[] Bits(Tensor tensor) =>
        [.. tensor.data<float>().ToArray().Select(BitConverter.SingleToInt32Bits)];

    private sealed record Trained(
        IReadOnlyList<string> Reports,
        int[] Weights,
        IReadOnlyList<int[]> State,
        int[] Average,
        long BytesOfAnUpdate
    );

    private sealed class Training : IDisposable
    {
        private readonly ModelReplicas _replicas;

        public Training(ProcessGroup group, TrainingOptions options, int threads, bool bfloat16)
        {
            var model = SmallModel.Options() with { Dim = 64, FeedForwardDim = 320 };
            _replicas = new ModelReplicas(() => SmallModel.Create(model), threads, CPU, bfloat16);
            Trainer = new Trainer(
                _replicas,
                new TokenBatches(Reversal.Examples(200, seed: 1), options.TokensPerBatch),
                new TokenBatches(Reversal.Examples(40, seed: 2), 60),
                options,
                seed: 1,
                group: group
            );
        }

        public Trainer Trainer { get; }

        public void Dispose()
        {
            Trainer.Dispose();
            _replicas.Dispose();
        }
    }
}
