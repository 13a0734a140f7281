using TransformerClinic.Model;

namespace TransformerClinic.Decoding;

/// <summary>
/// A model that is searched with: what a search must know of it, and what computes it. The module with its tensors is
/// made only for what needs it.
/// </summary>
/// <param name="options">The model's shape.</param>
/// <param name="vocabulary">Size of the joint vocabulary.</param>
/// <param name="padding">Id of the padding token.</param>
/// <param name="module">The module; asked for when it is needed.</param>
/// <param name="decoding">What computes the model in a precision.</param>
internal sealed class SearchedModel(
    ModelOptions options,
    int vocabulary,
    long padding,
    Func<Transformer> module,
    Func<DecodingPrecision, IDecodingModel> decoding
)
{
    /// <summary>Size of the joint vocabulary.</summary>
    public int Vocabulary => vocabulary;

    /// <summary>Id of the padding token.</summary>
    public long Padding => padding;

    /// <summary>Tokens of the longest sequence, the end mark included.</summary>
    public int MaxPositions => options.MaxPositions;

    /// <summary>The module with its tensors.</summary>
    public Transformer Module => module();

    /// <summary>A model that is there.</summary>
    public static SearchedModel Of(Transformer model) =>
        new(
            model.Options,
            model.Vocabulary,
            model.Padding,
            () => model,
            precision => DecodingModels.Of(model, precision)
        );

    /// <inheritdoc cref="DecodingModels.Of"/>
    public IDecodingModel In(DecodingPrecision precision) => decoding(precision);
}
