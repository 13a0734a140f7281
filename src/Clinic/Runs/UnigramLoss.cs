using TransformerClinic.Data;

namespace TransformerClinic.Runs;

/// <summary>
/// The loss of a model that knows the frequencies of target tokens and nothing else: <c>q(t) = (count(t) + 1) / (N + V)</c> from
/// the training set. A model whose loss stays near it has learned nothing of the source: it fails to train.
/// </summary>
public static class UnigramLoss
{
    /// <summary>Label-smoothed cross entropy of the unigram model on a set, in nats a target token.</summary>
    public static double Of(IReadOnlyList<ParallelExample> train, IReadOnlyList<ParallelExample> valid, int vocabulary, double smoothing)
    {
        var counts = new long[vocabulary];
        foreach (var id in train.SelectMany(example => example.Target))
        {
            counts[id]++;
        }

        var total = Math.Log(counts.Sum() + vocabulary);
        var losses = counts.Select(count => total - Math.Log(count + 1)).ToArray();
        var mean = losses.Average();
        return valid.SelectMany(example => example.Target).Average(id => ((1 - smoothing) * losses[id]) + (smoothing * mean));
    }
}
