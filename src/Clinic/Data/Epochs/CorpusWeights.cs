using TransformerClinic.Common;

namespace TransformerClinic.Data.Epochs;

/// <summary>
/// How often the examples of each file, or pair of files, of a set occur in an epoch: with weight <c>w</c> an example
/// occurs <c>floor(w)</c> times, and once more with probability <c>w - floor(w)</c>.
/// </summary>
internal sealed class CorpusWeights
{
    private readonly IReadOnlyList<double> _weights;

    private CorpusWeights(IReadOnlyList<double> weights) => _weights = weights;

    /// <summary>Weights of files, in their order; null where all are 1: then there is nothing to do.</summary>
    /// <exception cref="ArgumentException">A weight is negative, or none is positive.</exception>
    public static CorpusWeights? Of(IReadOnlyList<double> weights) =>
        weights.Any(weight => !double.IsFinite(weight) || weight < 0 || weight > 1_000_000)
        || (weights.Count > 0 && weights.All(weight => weight == 0))
            ? throw new ArgumentException("Weights are from 0 to 1,000,000, and not all are 0.", nameof(weights))
        : weights.All(weight => weight == 1) ? null
        : new CorpusWeights(weights);

    /// <summary>The examples of a shard in an epoch, each as often as it occurs, in their order.</summary>
    public int[] Rows(IExamples examples, int shard, long seed, int epoch)
    {
        var rows = new int[RowCount(examples, shard, seed, epoch)];
        var (first, count) = examples.Shard(shard);
        var next = 0;
        for (var example = first; example < first + count; example++)
        {
            var times = Times(examples, example, seed, epoch);
            rows.AsSpan(next, times).Fill(example);
            next += times;
        }

        return rows;
    }

    /// <summary>How many rows they are.</summary>
    public int RowCount(IExamples examples, int shard, long seed, int epoch)
    {
        var (first, count) = examples.Shard(shard);
        var rows = 0;
        for (var example = first; example < first + count; example++)
        {
            rows = checked(rows + Times(examples, example, seed, epoch));
        }

        return rows;
    }

    private int Times(IExamples examples, int example, long seed, int epoch)
    {
        var weight = _weights[examples.Corpus(example)];
        var times = Math.Floor(weight);
        var rest = weight - times;
        return (int)times + (rest > 0 && Draw(examples.Number(example), seed, epoch) < rest ? 1 : 0);
    }

    private static double Draw(int number, long seed, int epoch) =>
        CounterRandom.Unit(CounterRandom.At(seed, "weights", ((long)epoch << 32) | (uint)number));
}
