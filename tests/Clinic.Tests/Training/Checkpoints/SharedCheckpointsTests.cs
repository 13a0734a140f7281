using TransformerClinic.Distribution;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Distributed;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Checkpoints;

public sealed class SharedCheckpointsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A cable that is cut while a checkpoint is written must not leave anybody waiting forever.</summary>
    [Fact]
    public void Nobody_waits_for_a_checkpoint_longer_than_the_groups_patience()
    {
        using var replicas = new ModelReplicas(() => SmallModel.Create(), workers: 1, CPU);
        using var trainer = new SmallTraining(new TrainingOptions { TokensPerBatch = 100 }).Trainer(replicas);
        SmallTraining.Train(trainer, 2);
        var checkpoints = new SharedCheckpoints(new CheckpointStore(_folder.FullName), new ImpatientGroup());

        var missing = Assert.Throws<ProcessGroupException>(() =>
            checkpoints.Save(trainer, replicas.Model, validationLoss: null, scheduled: true)
        );

        Assert.Equal("the end of the checkpoint of update 2", missing.Message);
    }

    /// <summary>A group in which everybody is always missing; what has a limit names its place.</summary>
    private sealed class ImpatientGroup : ProcessGroup
    {
        public override int Rank => 0;

        public override int Count => 1;

        public override string Engine => "";

        public override IReadOnlyList<string> Hosts => ["here"];

        public override void Meet(string place) => throw new ProcessGroupException(place);

        public override void Broadcast(Span<byte> bytes, int from = 0) { }

        public override void AllToAll(
            nint send,
            ReadOnlySpan<int> sendCounts,
            nint receive,
            ReadOnlySpan<int> receiveCounts
        ) { }

        public override void GatherInPlace(nint all, ReadOnlySpan<int> counts) { }

        public override void Abort(int exitCode) { }

        protected override void Gather(ReadOnlySpan<byte> mine, Span<byte> all) { }
    }
}
