using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// How an attention spreads its weights w; means over heads and real queries that can choose among more than
/// one key.
/// </summary>
/// <param name="Entropy"><c>H = -sum_k w_k ln w_k</c>, in nats.</param>
/// <param name="RelativeEntropy">
/// <c>H / ln n</c> of n keys that a query may see: 1 spreads evenly, 0 looks at one key.
/// </param>
/// <param name="Heads">The same of each head.</param>
public sealed record AttentionActivity(double Entropy, double RelativeEntropy, IReadOnlyList<double> Heads);

/// <summary>How many units of a feed-forward sublayer's hidden layer are active, at the real positions.</summary>
/// <param name="DeadShare">
/// The share of units that are zero at every position: those that ReLU never lets through. With few positions it is
/// larger.
/// </param>
/// <param name="ActiveShare">The share of units that are above zero, over all positions.</param>
public sealed record FeedForwardActivity(double DeadShare, double ActiveShare);

/// <summary>What passes through one sublayer; root mean squares are over channels and real positions.</summary>
/// <param name="Place">The sublayer.</param>
/// <param name="ShortcutRms"><c>sqrt(E x^2)</c> of its input.</param>
/// <param name="BranchRms">The same of its branch f.</param>
/// <param name="OutputRms">The same of its output: 1 after a normalization whose weights are 1.</param>
/// <param name="OutputMax">The largest magnitude of its output.</param>
/// <param name="Attention">Only of attention.</param>
/// <param name="FeedForward">
/// Only of the feed-forward sublayer; null unless its activation is ReLU, because only its units can be dead.
/// </param>
public sealed record SublayerActivity(
    SublayerPlace Place,
    double ShortcutRms,
    double BranchRms,
    double OutputRms,
    double OutputMax,
    AttentionActivity? Attention,
    FeedForwardActivity? FeedForward
);

/// <summary>
/// What a model's sublayers do with some batches: activation magnitudes, attention entropy, dead units.
/// </summary>
/// <param name="Sublayers">In forward order, the encoder's first.</param>
public sealed record ModelActivity(IReadOnlyList<SublayerActivity> Sublayers)
{
    /// <summary>Measures one forward pass of each batch, without dropout; all batches count as one.</summary>
    /// <param name="model">A model of any residual variants.</param>
    /// <param name="inputs">What it reads; at least one batch.</param>
    /// <exception cref="InvalidOperationException">A pass with dropout is in progress.</exception>
    internal static ModelActivity Measure(Transformer model, IReadOnlyList<ModelInput> inputs)
    {
        using var scope = NewDisposeScope();
        return Measure([.. inputs.Select(input => DiagnosedPass.Of(model, input))]);
    }

    /// <summary>
    /// Measures passes of any model, which count as one; it knows only the branches of our Transformer.
    /// </summary>
    /// <param name="passes">At least one pass.</param>
    /// <exception cref="InvalidOperationException">A pass ran through no residual connection.</exception>
    public static ModelActivity Measure(IReadOnlyList<DiagnosedPass> passes)
    {
        ArgumentNullException.ThrowIfNull(passes);
        using var noGradient = no_grad();
        using var found = new OnDemand<SublayerPlace, SublayerRecord>(place => new SublayerRecord(place));
        foreach (var pass in passes)
        {
            using var scope = NewDisposeScope();
            using var branches = pass.Model is Transformer model
                ? WatchBranches(model, pass.RealPositions, found)
                : null;
            pass.Run(sublayer => found[sublayer.Place].AddPass(sublayer, pass.RealOf(sublayer.Place.Stack)));
        }

        return new ModelActivity([.. found.Values.Select(record => record.Result())]);
    }

    private static BranchWatch WatchBranches(
        Transformer model,
        IReadOnlyDictionary<string, Tensor> real,
        OnDemand<SublayerPlace, SublayerRecord> found
    ) =>
        new(
            model,
            (place, weights) =>
                found[place]
                    .AddAttention(
                        weights,
                        real[place.Stack],
                        real[place.Address is { ReadsMemory: true } ? StackName.Encoder.Word() : place.Stack]
                    ),
            (place, hidden) =>
            {
                if (model.Options.Activation == Activation.Relu)
                {
                    found[place].AddHidden(hidden, real[place.Stack]);
                }
            }
        );
}
