using TransformerClinic.Data;
using TransformerClinic.Distribution;

namespace TransformerClinic.Training.Distributed;

/// <summary>
/// The loss of a validation set, of which each process evaluates some batches: added in the order of the batches,
/// whoever evaluated them.
/// </summary>
/// <param name="replicas">The model; not owned.</param>
/// <param name="set">The set.</param>
/// <param name="smoothing">Label smoothing.</param>
/// <param name="group">The processes; not owned.</param>
internal sealed class SharedEvaluation(ModelReplicas replicas, TokenBatches set, double smoothing, ProcessGroup group)
{
    private readonly Batch[] _batches = [.. set.InOrderOfLength().Select(set.Make)];

    /// <summary>Target tokens of the set, padding not counted.</summary>
    public long Tokens => _batches.Sum(batch => (long)batch.TargetTokens);

    /// <summary>
    /// Loss and negative log-likelihood, summed over the target tokens, without dropout; all processes take part.
    /// </summary>
    public (double Loss, double Nll) Evaluate()
    {
        Batch[] own = [.. _batches.Where((_, i) => i % group.Count == group.Rank)];
        var losses = new double[2 * ((_batches.Length + group.Count - 1) / group.Count)];
        foreach (var (i, (loss, nll)) in replicas.EvaluateEach(own, smoothing).Index())
        {
            (losses[2 * i], losses[(2 * i) + 1]) = (loss, nll);
        }

        return Sum(group.Gather<double>(losses), losses.Length);
    }

    /// <summary>The same, of which no other process knows.</summary>
    public (double Loss, double Nll) EvaluateAlone() => replicas.Evaluate(_batches, smoothing);

    private (double Loss, double Nll) Sum(double[] all, int ofProcess)
    {
        var sum = (Loss: 0.0, Nll: 0.0);
        for (var i = 0; i < _batches.Length; i++)
        {
            var at = (i % group.Count * ofProcess) + (2 * (i / group.Count));
            sum = (sum.Loss + all[at], sum.Nll + all[at + 1]);
        }

        return sum;
    }
}
