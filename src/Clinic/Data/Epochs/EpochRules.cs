namespace TransformerClinic.Data.Epochs;

/// <summary>What differs from epoch to epoch in addition to the order.</summary>
/// <param name="Weights">How often the examples of each file occur; null for once.</param>
/// <param name="Dropout">Leaves merges of subwords out at random; null for never.</param>
internal sealed record EpochRules(CorpusWeights? Weights = null, SubwordDropout? Dropout = null)
{
    /// <summary>Every example once, always in the same pieces.</summary>
    public static EpochRules None { get; } = new();
}
