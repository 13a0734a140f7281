using System.CommandLine;
using System.Diagnostics;
using TransformerClinic.Bench.Data;
using TransformerClinic.Data;
using TransformerClinic.Data.Stored;
using TransformerClinic.Model;
using TransformerClinic.Text;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Corpora;

/// <summary>
/// Trains two equal models on the same examples, one from memory and one from the disk, in turns, and compares their
/// speed. Both see the same batches, so their losses must be the same bits.
/// </summary>
internal static class StoredTrainingCommand
{
    private static readonly ModelOptions Model = new()
    {
        Encoder = new StackOptions { Layers = 2 },
        Decoder = new StackOptions { Layers = 2 },
        Dim = 64,
        Heads = 4,
        FeedForwardDim = 128,
    };

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often each has its turn.",
            DefaultValueFactory = _ => 31,
        };
        const string What = "Speed of training from the disk, next to the same from memory.";
        var command = new Command("stored", What) { rounds };
        command.SetAction(parsed => Measure(parsed.GetValue(rounds)));
        return command;
    }

    private static void Measure(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("clinic-bench-").FullName;
        try
        {
            var examples = RandomPairs.Draw(50_000, 5, 45, seed: 1);
            var path = Path.Combine(folder, "corpus");
            Store(path, examples);
            using var set = StoredSet.Open(path);
            using var memory = new Side(new HeldExamples(examples));
            using var disk = new Side(set);
            var ratios = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                var (first, second) = round % 2 == 0 ? (memory, disk) : (disk, memory);
                first.Turn();
                second.Turn();
                ratios.Add(disk.TokensPerSecond / memory.TokensPerSecond);
            }

            var words = memory.Loss.Equals(disk.Loss) ? "the same bits" : "different, which is a fault";
            Console.WriteLine($"tokens per second, disk over memory: median {Median.Of(ratios):0.000} of {rounds}");
            Console.WriteLine($"losses: {words}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Store(string path, IReadOnlyList<ParallelExample> examples)
    {
        using var writer = new StoredSetWriter(path, examples.Count, RandomPairs.Vocabulary);
        for (var i = 0; i < examples.Count; i++)
        {
            writer.Add(examples[i].Source, examples[i].Target, 0, i + 1);
        }

        writer.Finish(
            new Ledger("train", examples.Count, examples.Count, []),
            new Dictionary<string, string>(StringComparer.Ordinal),
            SubwordModel.Learn(["a"], new SubwordOptions()),
            new StoredOrigin(new Dictionary<string, string>(StringComparer.Ordinal), [])
        );
    }

    /// <summary>One of the two trainings.</summary>
    private sealed class Side : IDisposable
    {
        private const int Updates = 20;

        private readonly ModelReplicas _replicas = new(
            () => new Transformer(Model, RandomPairs.Vocabulary, Vocabulary.Pad, seed: 1),
            workers: 2,
            CPU
        );
        private readonly Trainer _trainer;

        public Side(IExamples examples)
        {
            var options = new TrainingOptions
            {
                TokensPerBatch = 1000,
                Schedule = new ScheduleOptions { LearningRate = 1e-3, WarmUpUpdates = 100 },
            };
            _trainer = new Trainer(
                _replicas,
                new TokenBatches(examples, options.TokensPerBatch),
                new TokenBatches(RandomPairs.Draw(10, 5, 20, seed: 2), options.TokensPerBatch),
                options,
                seed: 1
            );
            _trainer.Profile();
            Turn(); // what happens only once
        }

        public double TokensPerSecond { get; private set; }

        public double Loss { get; private set; }

        public void Turn()
        {
            var clock = Stopwatch.StartNew();
            var before = _trainer.State.TargetTokens;
            for (var i = 0; i < Updates; i++)
            {
                Loss = _trainer.Update().Loss;
            }

            TokensPerSecond = (_trainer.State.TargetTokens - before) / clock.Elapsed.TotalSeconds;
        }

        public void Dispose()
        {
            _trainer.Dispose();
            _replicas.Dispose();
        }
    }
}
