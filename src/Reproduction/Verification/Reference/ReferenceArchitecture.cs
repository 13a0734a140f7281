using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary>Sizes of one of the reference's models.</summary>
internal sealed record ReferenceDims(int D, int Heads, int Ffn, int Enc, int Dec);

/// <summary>The reference's description of a model's shape, and our options for it.</summary>
/// <param name="Dims">Its sizes.</param>
/// <param name="InitType">Its <c>--init-type</c>, which names the residual variant.</param>
/// <param name="EncoderPre">Whether the encoder normalizes before the branch.</param>
/// <param name="DecoderPre">Whether the decoder does.</param>
internal sealed record ReferenceArchitecture(ReferenceDims Dims, string InitType, bool EncoderPre, bool DecoderPre)
{
    // fairseq's default, and the maximum that its searches decode.
    private const int MaxPositions = 1024;

    private const string InitTypeFlag = "--init-type";

    /// <summary>The feed-forward sublayer's nonlinearity.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>The architecture that a command line's flags describe.</summary>
    public static ReferenceArchitecture Of(ReferenceDims dims, IReadOnlyList<string> flags) =>
        new(
            dims,
            flags.SkipWhile(flag => flag != InitTypeFlag).ElementAtOrDefault(1) ?? "default",
            flags.Contains("--encoder-normalize-before"),
            flags.Contains("--decoder-normalize-before")
        );

    /// <summary>Our options for it, with shared embeddings; null if its residual variant is not implemented
    /// yet.</summary>
    public ModelOptions? Options =>
        ReferenceVariants.Of(InitType, EncoderPre, DecoderPre) is var (encoder, decoder)
            ? new ModelOptions
            {
                Encoder = new StackOptions
                {
                    Layers = Dims.Enc,
                    Variant = encoder,
                    FirstOmega = FirstOmega.Trainable,
                },
                Decoder = new StackOptions
                {
                    Layers = Dims.Dec,
                    Variant = decoder,
                    FirstOmega = FirstOmega.Trainable,
                },
                Dim = Dims.D,
                Heads = Dims.Heads,
                FeedForwardDim = Dims.Ffn,
                Dropout = 0,
                Activation = Activation,
                MaxPositions = MaxPositions,
            }
            : null;

    /// <summary>Why <see cref="Options"/> is null.</summary>
    public string WhyNot =>
        "the residual variant "
        + $"'{InitType}'{(EncoderPre || DecoderPre ? " with normalization before the branch" : "")} is not "
        + "implemented yet";
}
