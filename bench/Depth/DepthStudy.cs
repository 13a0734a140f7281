using System.Diagnostics;
using TransformerClinic.Bench.Data;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis;
using TransformerClinic.Model;
using TransformerClinic.Training;

namespace TransformerClinic.Bench.Depth;

/// <summary>Time of an update at one depth, in milliseconds.</summary>
/// <param name="Layers">Layers of the encoder, and as many of the decoder.</param>
/// <param name="Wall">The median by the clock.</param>
/// <param name="Processor">The median of the process's processor time, which other processes disturb less.</param>
internal sealed record DepthTime(int Layers, double Wall, double Processor);

/// <summary>Times over depth, and the lines through them.</summary>
/// <param name="Repetitions">Updates at each depth.</param>
/// <param name="Times">Times.</param>
/// <param name="Wall">The line through the times by the clock.</param>
/// <param name="Processor">The line through the processor times.</param>
internal sealed record DepthFigures(
    int Repetitions,
    IReadOnlyList<DepthTime> Times,
    GrowthLine Wall,
    GrowthLine Processor
);

/// <summary>
/// Times whole updates of models of dim 64, feed-forward 256, with 512 tokens per batch and one thread, at depths from
/// 6+6 to 100+100. All models are in memory at the same time and take turns, so that any other load on the machine
/// affects all of them.
/// </summary>
internal static class DepthStudy
{
    private const int WarmUps = 2;
    private const int Length = 32;
    private const int Rows = 16;
    private static readonly int[] Depths = [6, 12, 18, 36, 60, 100];

    /// <summary>Measures.</summary>
    public static DepthFigures Run(int repetitions, Action<int> turn)
    {
        var trainings = Depths.Select(depth => new DepthTraining(depth)).ToList();
        try
        {
            var samples = Depths.ToDictionary(depth => depth, _ => new List<(double Wall, double Processor)>());
            for (var i = -WarmUps; i < repetitions; i++)
            {
                foreach (var training in trainings)
                {
                    var time = training.TimeOfUpdate();
                    if (i >= 0)
                    {
                        samples[training.Layers].Add(time);
                    }
                }

                turn(i + 1);
            }

            DepthTime[] times =
            [
                .. Depths.Select(depth => new DepthTime(
                    depth,
                    Median.Of(samples[depth].Select(time => time.Wall)),
                    Median.Of(samples[depth].Select(time => time.Processor))
                )),
            ];
            return new DepthFigures(
                repetitions,
                times,
                Line(times, time => time.Wall),
                Line(times, time => time.Processor)
            );
        }
        finally
        {
            trainings.ForEach(training => training.Dispose());
        }
    }

    private static GrowthLine Line(DepthTime[] times, Func<DepthTime, double> value) =>
        GrowthFit.Of([.. times.Select(time => (double)time.Layers)], [.. times.Select(value)]).Linear;

    private sealed class DepthTraining : IDisposable
    {
        private readonly ProfiledTraining _training;

        public DepthTraining(int layers)
        {
            Layers = layers;
            var model = new ModelOptions
            {
                Encoder = new StackOptions { Layers = layers },
                Decoder = new StackOptions { Layers = layers },
                Dim = 64,
                Heads = 4,
                FeedForwardDim = 256,
                Dropout = 0.1,
            };
            var batches = new TokenBatches(RandomPairs.Draw(count: 8 * Rows, Length, Length, seed: 1), Rows * Length);
            _training = new ProfiledTraining(model, RandomPairs.Vocabulary, batches, new TrainingOptions(), workers: 1);
        }

        public int Layers { get; }

        /// <summary>Runs one update; returns its times in milliseconds.</summary>
        public (double Wall, double Processor) TimeOfUpdate()
        {
            var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            _training.Trainer.Update();
            return (clock.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds);
        }

        public void Dispose() => _training.Dispose();
    }
}
