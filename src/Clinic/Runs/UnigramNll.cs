using TransformerClinic.Data;

namespace TransformerClinic.Runs;

/// <summary>
/// The negative log-likelihood of a model that knows the frequencies of target tokens and nothing else: <c>q(t) = (count(t) + 1) / (N + V)</c> from
/// the training set. A model that stays near it has learned nothing of the source: it fails to train.
/// </summary>
public static class UnigramNll
{
    /// <summary>Mean over the target tokens of a set, in nats.</summary>
    public static double Of(IReadOnlyList<ParallelExample> train, IReadOnlyList<ParallelExample> valid, int vocabulary)
    {
        var counts = new long[vocabulary];
        foreach (var id in train.SelectMany(example => example.Target))
        {
            counts[id]++;
        }

        var total = Math.Log(counts.Sum() + vocabulary);
        return valid.SelectMany(example => example.Target).Average(id => total - Math.Log(counts[id] + 1));
    }
}
