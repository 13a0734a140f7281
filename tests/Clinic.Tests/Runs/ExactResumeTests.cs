using TransformerClinic.Data;
using TransformerClinic.Runs;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Text;
using TransformerClinic.Training;

namespace TransformerClinic.Tests.Runs;

/// <summary>
/// A run that is stopped after any update and given again ends as one that was never stopped: the same bytes of weights,
/// optimizer state and averaged model, the same place in data and random streams, the same logged losses.
/// </summary>
public sealed class ExactResumeTests : IDisposable
{
    private const int Updates = 13;

    private readonly TemporaryFolder _folder = new();

    public ExactResumeTests()
    {
        NumberWords.Write(_folder.PathOf("train.tsv"), lines: 24, longest: 5);
        NumberWords.Write(_folder.PathOf("valid.tsv"), lines: 10);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Stopped_after_any_update_it_ends_with_the_same_bytes()
    {
        var whole = Run("whole");
        Assert.Contains(whole, line => line.Contains("\"epoch\":2,", StringComparison.Ordinal) && line.Contains("\"examplesSeen\":", StringComparison.Ordinal));
        Assert.Contains(whole, line => line.StartsWith("model/model.safetensors", StringComparison.Ordinal));
        for (var cut = 1; cut < Updates; cut++)
        {
            var resumed = Run($"cut-{cut}", cut);
            Assert.True(RunFingerprint.Difference(whole, resumed) is null, $"stopped after update {cut}: {RunFingerprint.Difference(whole, resumed)}");
        }
    }

    [Theory]
    [InlineData(1, 2, 3, 4, 5, 6, 7, 8)]
    [InlineData(4, 5, 9, 11, 12)]
    public void Stopped_again_and_again_it_ends_with_the_same_bytes(params int[] cuts) =>
        Assert.Null(RunFingerprint.Difference(Run("whole"), Run("cut", cuts)));

    /// <summary>Runs to the end, stopped on the way after each of the given updates.</summary>
    private IReadOnlyList<string> Run(string name, params int[] cuts)
    {
        var path = _folder.PathOf(name);
        foreach (var cut in cuts)
        {
            using var stopping = new StoppingConsole(cut);
            Assert.Null(new TrainingRun(Recipe(), path, stopping).Run(stopping.Stop));
            Assert.Contains($"stopped after update {cut}; the same command goes on from there.", stopping.Lines);
        }

        using var console = new StoppingConsole();
        Assert.NotNull(new TrainingRun(Recipe(), path, console).Run(console.Stop));
        return RunFingerprint.Of(path);
    }

    /// <summary>Epochs of a few updates, dropout everywhere, two batches an update, bfloat16, and an end beside the schedule of checkpoints.</summary>
    private Recipe Recipe() => new()
    {
        Name = "tiny",
        Threads = 2,
        Data = new DataOptions { Train = _folder.PathOf("train.tsv"), Valid = _folder.PathOf("valid.tsv") },
        Subwords = new SubwordOptions { Merges = 30 },
        Model = SmallModel.Options() with { MaxPositions = 256 },
        Training = new TrainingOptions
        {
            MaxUpdates = Updates,
            TokensPerBatch = 60,
            Precision = Precision.Bf16,
            Accumulate = 2,
            ClipNorm = 1,
            Optimizer = new OptimizerOptions { WeightDecay = 1e-3 },
            Schedule = new ScheduleOptions { LearningRate = 1e-2, WarmUpUpdates = 4 },
            LogEvery = 4,
            ValidateEvery = 5,
            CheckpointEvery = 3,
            KeepLast = 3,
            KeepBest = 1,
            Average = 3,
        },
    };
}
