using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using TransformerClinic.Common;

namespace TransformerClinic.Model;

/// <summary>Which embedding matrices are the same matrix.</summary>
public enum EmbeddingSharing
{
    /// <summary>Source, target and output projection share one matrix.</summary>
    All,

    /// <summary>Target and output projection share one matrix; the source has its own.</summary>
    Decoder,

    /// <summary>Three matrices.</summary>
    None,
}

/// <summary>The non-linearity between the two matrices of the feed-forward sublayer.</summary>
public enum Activation
{
    /// <summary><c>max(0, x)</c></summary>
    Relu,

    /// <summary><c>x * Phi(x)</c>, Phi the normal distribution function.</summary>
    Gelu,

    /// <summary><c>x / (1 + exp(-x))</c>, as in Marian's models.</summary>
    Swish,
}

/// <summary>How position p, from 0, is embedded: sines, then cosines, of <c>r w_i</c>, <c>h = dim/2</c>.</summary>
public enum PositionFormula
{
    /// <summary>As fairseq does: <c>r = p + 2</c>, <c>w_i = 10000^(-i/(h-1))</c>.</summary>
    Fairseq,

    /// <summary>As Marian does: <c>r = p</c>, <c>w_i = 10000^(-i/(h-1))</c>.</summary>
    Marian,

    /// <summary>As Hugging Face's Marian class does: <c>r = p</c>, <c>w_i = 10000^(-i/h)</c>.</summary>
    HuggingFace,
}

/// <summary>Everything that decides the shape of a model, except its vocabulary.</summary>
public sealed record ModelOptions : IOptionRules
{
    /// <summary>The encoder's depth and variant.</summary>
    public StackOptions Encoder { get; init; } = new();

    /// <summary>The decoder's depth and variant.</summary>
    public StackOptions Decoder { get; init; } = new();

    /// <summary>Width of the residual stream; even, and a multiple of <see cref="Heads"/>.</summary>
    [Range(2, 65536)]
    public int Dim { get; init; } = 512;

    /// <summary>Attention heads; each has <c>dim / heads</c> channels.</summary>
    [Range(1, 1024)]
    public int Heads { get; init; } = 8;

    /// <summary>Width of the feed-forward sublayer's hidden layer.</summary>
    [Range(1, 1048576)]
    public int FeedForwardDim { get; init; } = 2048;

    /// <summary>Dropout of embeddings and of every branch's output, before it is added to the shortcut.</summary>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Dropout of the attention weights, after the softmax.</summary>
    [Range(0.0, 0.99)]
    public double AttentionDropout { get; init; }

    /// <summary>Dropout inside the feed-forward sublayer, after the activation.</summary>
    [Range(0.0, 0.99)]
    public double ActivationDropout { get; init; }

    /// <summary>The feed-forward sublayer's non-linearity.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Which embedding matrices are shared.</summary>
    public EmbeddingSharing SharedEmbeddings { get; init; } = EmbeddingSharing.All;

    /// <summary>
    /// FixNorm (Nguyen and Chiang 2018; Nguyen and Salazar 2019): whether a word vector is divided by its length
    /// wherever it is used, as an input and in the output projection. The vectors are then drawn from U(-0.01, 0.01).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FixNorm { get; init; }

    /// <summary>
    /// Whether the logits have a trainable bias <c>b [vocabulary]</c>, from 0. Minus infinity in it rules a word out
    /// for good: it has the probability 0, is never generated, and does not count as a word of the vocabulary in
    /// training.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OutputBias { get; init; }

    /// <summary>
    /// Whether the decoder's first input is its position and nothing else, instead of the end mark's embedding.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ZeroStart { get; init; }

    /// <summary>How positions are embedded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PositionFormula Positions { get; init; } = PositionFormula.Fairseq;

    /// <summary>Longest sequence, in subwords with the end-of-sentence mark, that the position table covers.</summary>
    [Range(2, 1048576)]
    public int MaxPositions { get; init; } = 1024;

    /// <inheritdoc/>
    IEnumerable<string> IOptionRules.BrokenRules(string section)
    {
        if (Dim % 2 != 0)
        {
            yield return $"{section}dim is {Dim}; it must be even: half of a position's embedding are sines, half "
                + "cosines.";
        }

        if (Dim % Heads != 0)
        {
            yield return $"{section}dim is {Dim} and {section}heads is {Heads}: the heads must divide the dimension.";
        }
    }
}
