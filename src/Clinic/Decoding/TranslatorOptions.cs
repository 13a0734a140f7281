using System.ComponentModel.DataAnnotations;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;

namespace TransformerClinic.Decoding;

/// <summary>What a translator does in addition to the search that a recipe describes.</summary>
public sealed record TranslatorOptions
{
    /// <summary>How the search chooses among continuations; null takes the most probable.</summary>
    public SearchMethod? Method { get; init; }

    /// <summary>
    /// Whether hypotheses include their attention, from which <see cref="AttentionAlignment"/> computes alignments.
    /// </summary>
    public bool Attention { get; init; }

    /// <summary>Threads that decode in parallel; 0 for one per processor. Use 1 for a model on a GPU.</summary>
    [Range(0, 4096)]
    public int Workers { get; init; }

    /// <summary>What computes a model in a precision; null takes our own kernels, or libtorch's.</summary>
    internal Func<Transformer, DecodingPrecision, IDecodingModel>? Kernels { get; init; }
}
