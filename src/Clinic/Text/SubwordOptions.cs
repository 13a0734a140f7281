using System.ComponentModel.DataAnnotations;

namespace TransformerClinic.Text;

/// <summary>The Unicode normalization form that every line is brought to.</summary>
public enum Normalization
{
    /// <summary>Canonical composition: nothing that a reader sees changes.</summary>
    Nfc,

    /// <summary>
    /// Compatibility composition: ligatures, full-width forms and the like become their plain letters.
    /// </summary>
    Nfkc,
}

/// <summary>How the joint subword vocabulary is learned.</summary>
public sealed record SubwordOptions
{
    /// <summary>Merges that the byte-pair encoding learns.</summary>
    [Range(0, 1_000_000)]
    public int Merges { get; init; } = 10_000;

    /// <summary>Pairs seen less often are not merged.</summary>
    [Range(1, 1_000_000)]
    public int MinPairCount { get; init; } = 2;

    /// <summary>The Unicode normalization form of all text.</summary>
    public Normalization Normalization { get; init; } = Normalization.Nfc;

    /// <summary>
    /// BPE-dropout (Provilkov et al. 2020): in training, each possible merge of a word is left out with this
    /// probability, anew in each epoch. 0: never.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Dropout { get; init; }
}
