using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary>The reference's names of residual variants (its <c>--init-type</c>) and their equivalents here.</summary>
internal static class ReferenceVariants
{
    /// <summary>The variants of encoder and decoder; null if they are not implemented.</summary>
    /// <param name="initType">The reference's <c>--init-type</c>.</param>
    /// <param name="encoderPre">
    /// Whether the encoder normalizes before the branch, which makes the default Pre-LN.
    /// </param>
    /// <param name="decoderPre">Whether the decoder does.</param>
    public static (ResidualVariant Encoder, ResidualVariant Decoder)? Of(
        string initType,
        bool encoderPre,
        bool decoderPre
    ) =>
        (FairseqVariants.Of(initType, encoderPre), FairseqVariants.Of(initType, decoderPre))
            is ({ } encoder, { } decoder)
            ? (encoder, decoder)
            : null;
}
