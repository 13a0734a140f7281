using System.Diagnostics;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Diagnosis;
using TransformerClinic.Model;
using TransformerClinic.Text;

namespace TransformerClinic.Bench.Decoding;

/// <summary>
/// Times searches of every variant by turns, so that any other load on the machine affects all of them. Sources are
/// random tokens, and an output is forced to be one token longer than its source, so that all variants make the same
/// number of steps.
/// </summary>
internal sealed class DecodingBenchmark(Transformer model) : IDisposable
{
    private const int Tokens = 25;
    private static readonly int[] Lengths = [10, 20, 40, 80, 160];
    private readonly Dictionary<int, BeamSearch[]> _searches = [];
    private readonly Dictionary<int, WorkerThreads> _workers = DecodingCase
        .All.Select(one => one.Workers)
        .Distinct()
        .ToDictionary(count => count, count => new WorkerThreads(count));

    /// <summary>Speeds in each case.</summary>
    /// <param name="rounds">Rounds that count; one more warms up.</param>
    /// <param name="turn">Called before each round.</param>
    public IReadOnlyList<DecodingSpeed> Speeds(int rounds, Action<int> turn)
    {
        var times = new Dictionary<(DecodingCase Case, int Variant), List<(double Wall, double Processor)>>();
        for (var round = 0; round <= rounds; round++)
        {
            turn(round);
            foreach (var one in DecodingCase.All)
            {
                for (var variant = 0; variant < DecodingVariant.All.Count; variant++)
                {
                    var time = Time(
                        Searches(one.Beam)[variant],
                        Sources(one.Sentences, Tokens),
                        one.PerWorker,
                        one.Workers
                    );
                    var all = times.TryGetValue((one, variant), out var so) ? so : times[(one, variant)] = [];
                    all.AddRange(round > 0 ? [(time.Wall / one.Sentences, time.Processor / one.Sentences)] : []);
                }
            }
        }

        return
        [
            .. times.Select(entry =>
            {
                var ((batch, beam, _, workers), variant) = entry.Key;
                var plain = times[(entry.Key.Case.OfOneWorker, 0)];
                return new DecodingSpeed(
                    DecodingVariant.All[variant].Name,
                    batch,
                    beam,
                    workers,
                    1 / Median.Of(entry.Value.Select(time => time.Wall)),
                    Median.Of(plain.Zip(entry.Value, (before, after) => before.Wall / after.Wall)),
                    Median.Of(plain.Zip(entry.Value, (before, after) => before.Processor / after.Processor))
                );
            }),
        ];
    }

    /// <summary>How the time of a sentence grows with its length, at batch 1 and beam 5.</summary>
    public IReadOnlyList<LengthGrowth> Growth(int rounds)
    {
        var searches = Searches(beam: 5);
        return
        [
            .. DecodingVariant.All.Select(
                (variant, place) =>
                {
                    double[] seconds =
                    [
                        .. Lengths.Select(length =>
                            Median.Of(
                                Enumerable
                                    .Range(0, rounds)
                                    .Select(_ =>
                                        Time(searches[place], Sources(1, length), batch: 1, workers: 1).Processor
                                    )
                            )
                        ),
                    ];
                    return new LengthGrowth(
                        variant.Name,
                        Lengths,
                        seconds,
                        GrowthFit.Of([.. Lengths.Select(length => (double)length)], seconds).Linear
                    );
                }
            ),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var workers in _workers.Values)
        {
            workers.Dispose();
        }
    }

    private BeamSearch[] Searches(int beam)
    {
        var options = new DecodingOptions
        {
            Beam = beam,
            MinLengthA = 1,
            MinLength = 1,
            MaxLengthA = 1,
            MaxLengthB = 1,
        };
        return _searches.TryGetValue(beam, out var made)
            ? made
            : _searches[beam] = [.. DecodingVariant.All.Select(variant => variant.Create(model, options))];
    }

    private (double Wall, double Processor) Time(BeamSearch search, int[][] sources, int batch, int workers)
    {
        var parts = sources.Chunk(batch).ToList();
        var (clock, processor) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        _workers[workers].ForEach(parts.Count, (_, part) => search.Search(parts[part]));
        return (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }

    private int[][] Sources(int count, int length) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(row =>
                    (int[])
                        [
                            .. Enumerable
                                .Range(0, length - 1)
                                .Select(place =>
                                    (int)(
                                        Vocabulary.Marks
                                        + (
                                            CounterRandom.At(1, $"source {row}", place)
                                            % (ulong)(model.Vocabulary - Vocabulary.Marks)
                                        )
                                    )
                                ),
                            Vocabulary.EndOfSentence,
                        ]
                ),
        ];
}
