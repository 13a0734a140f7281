using System.Collections.Frozen;

namespace TransformerClinic.Interop.Fairseq;

/// <summary>
/// What one of fairseq's named architectures means where a checkpoint does not say it (fairseq ca25bfc,
/// <c>models/transformer/transformer_legacy.py</c>; Transformer-Clinic 70f72b7, <c>models/transformer.py</c>: the same
/// values).
/// </summary>
/// <param name="Dim">Width of the stream.</param>
/// <param name="FeedForwardDim">Width of the feed-forward sublayer.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="Layers">Layers of either stack.</param>
/// <param name="Dropout">Dropout of branches.</param>
/// <param name="AttentionDropout">Dropout of attention weights.</param>
/// <param name="ActivationDropout">Dropout after the activation.</param>
/// <param name="NormalizeBefore">Whether it is Pre-LN.</param>
internal sealed record FairseqArchitecture(
    int Dim = 512,
    int FeedForwardDim = 2048,
    int Heads = 8,
    int Layers = 6,
    double Dropout = 0.1,
    double AttentionDropout = 0,
    double ActivationDropout = 0,
    bool NormalizeBefore = false
)
{
    private static readonly FairseqArchitecture Base = new();
    private static readonly FairseqArchitecture Big = new(1024, 4096, 16, Dropout: 0.3);
    private static readonly FairseqArchitecture BigWithDropout = Big with { AttentionDropout = 0.1 };

    private static readonly FrozenDictionary<string, FairseqArchitecture> Named = new Dictionary<
        string,
        FairseqArchitecture
    >
    {
        ["transformer"] = Base,
        ["transformer_wmt_en_de"] = Base,
        ["transformer_align"] = Base,
        ["transformer_tiny"] = new(64, 64, 2, 2),
        ["transformer_iwslt_de_en"] = new(FeedForwardDim: 1024, Heads: 4),
        ["transformer_vaswani_wmt_en_de_big"] = Big,
        ["transformer_vaswani_wmt_en_fr_big"] = Big with { Dropout = 0.1 },
        ["transformer_wmt_en_de_big"] = BigWithDropout,
        ["transformer_wmt_en_de_big_align"] = BigWithDropout,
        ["transformer_wmt_en_de_big_t2t"] = BigWithDropout with { ActivationDropout = 0.1, NormalizeBefore = true },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The names of the known architectures.</summary>
    public static IReadOnlyCollection<string> Names => [.. Named.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The architecture of a name; null if it is not known.</summary>
    public static FairseqArchitecture? Of(string name) => Named.GetValueOrDefault(name);

    /// <summary>The architecture that the others are changes of.</summary>
    public static FairseqArchitecture Standard => Base;
}
