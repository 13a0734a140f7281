using TransformerClinic.Residuals;

namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary>The reference's names of residual variants (its <c>--init-type</c>) and their equivalents here.</summary>
internal static class ReferenceVariants
{
    private const string PostLn = "default";

    /// <summary>The implemented variants; one that is missing here is reported as not yet compared.</summary>
    private static readonly (string InitType, ResidualVariant Variant)[] Written =
    [
        (PostLn, ResidualVariant.PostLn),
        ("adaptive", ResidualVariant.Admin),
        ("looklinear", ResidualVariant.LookLinear),
        ("rezero", ResidualVariant.Rezero),
        ("rezero_postln", ResidualVariant.RezeroPostLn),
        ("deepnet", ResidualVariant.DeepNorm),
    ];

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
    )
    {
        if ((encoderPre || decoderPre) && initType != PostLn)
        {
            return null;
        }

        foreach (var (written, variant) in Written)
        {
            if (written == initType)
            {
                return (encoderPre ? ResidualVariant.PreLn : variant, decoderPre ? ResidualVariant.PreLn : variant);
            }
        }

        return null;
    }
}
