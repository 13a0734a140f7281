namespace TransformerClinic.Residuals.Remedies;

/// <summary>How the matrices of a stack's branches are drawn.</summary>
public enum InitialWeights
{
    /// <summary>As the variant has it: Xavier unless it says otherwise, as DeepNorm, B2T and T-Fixup do.</summary>
    Variant,

    /// <summary>Xavier-uniform, whatever the variant has.</summary>
    Xavier,

    /// <summary>
    /// DS-Init as printed (Zhang et al. 2019): Xavier-uniform times <c>l^(-1/2)</c> in the layer l, from 1.
    /// </summary>
    DsInit,

    /// <summary>
    /// DS-Init as its authors' code computes it: times <c>l^(-1/4)</c>, for the factor is given to an initializer that
    /// takes it for a scale of the variance.
    /// </summary>
    DsInitCode,

    /// <summary>
    /// GPT-2's: <c>N(0, 0.02^2)</c>, the matrices that write to the stream <c>n^(-1/2)</c> times that, n the sublayers
    /// of the stack. The embedding stays as it is.
    /// </summary>
    Gpt2,

    /// <summary>
    /// Marian's <c>--transformer-depth-scaling</c>: DS-Init as printed, with Q, K and V drawn as three matrices.
    /// </summary>
    Marian,

    /// <summary>
    /// T-Fixup's: Xavier-uniform, in an encoder of N layers <c>0.67 N^(-1/4)</c> times that for the value and output
    /// projections and the feed-forward matrices, in a decoder of M layers <c>(9M)^(-1/4)</c> times; the source
    /// embedding times <c>(9N)^(-1/4)</c>, the target embedding times <c>(9M)^(-1/4)</c>. Queries and keys have the
    /// gain <c>2^(-1/2)</c>.
    /// </summary>
    TFixup,

    /// <summary>B2T's: Xavier-uniform times <c>N^(-1/2)</c>, N the layers of the stack.</summary>
    B2t,

    /// <summary>
    /// SmallInit (Nguyen and Salazar 2019): Xavier-normal, but <c>N(0, 2/(5d))</c> for all of attention's matrices,
    /// <c>[d, d]</c> each: as if they were as wide as a feed-forward matrix with 4d hidden units.
    /// </summary>
    SmallInit,
}

/// <summary>The rules of <see cref="InitialWeights"/>.</summary>
internal static class InitialWeightsOf
{
    private const double Gpt2Deviation = 0.02;

    /// <summary>How the matrices of a branch are drawn.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="layer">The layer's number, from 0.</param>
    /// <param name="connection">The branch's connection.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rule is not a known one.</exception>
    public static BranchInitialization Of(
        InitialWeights rule,
        StackShape stack,
        int layer,
        ResidualConnection connection
    ) =>
        rule switch
        {
            InitialWeights.Variant => connection.BranchInitialization,
            InitialWeights.Xavier => BranchInitialization.Standard,
            InitialWeights.DsInit => All(Math.Pow(layer + 1, -0.5)),
            InitialWeights.DsInitCode => All(Math.Pow(layer + 1, -0.25)),
            InitialWeights.Marian => All(Math.Pow(layer + 1, -0.5)) with { SeparateProjections = true },
            InitialWeights.B2t => All(Math.Pow(stack.Layers, -0.5)),
            InitialWeights.TFixup => TFixup(stack),
            InitialWeights.SmallInit => BranchInitialization.Standard with
            {
                Distribution = WeightDistribution.XavierNormal,
                SeparateProjections = true,
                AttentionGain = Math.Sqrt(2.0 / 5),
            },
            InitialWeights.Gpt2 => All(Gpt2Deviation) with
            {
                Distribution = WeightDistribution.Normal,
                OutputGain = Math.Pow(stack.Residuals, -0.5),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "This initialization is not known."),
        };

    /// <summary>T-Fixup's; one stack is treated as an encoder, which is our extension.</summary>
    public static BranchInitialization TFixup(StackShape stack)
    {
        var isDecoder = stack.Role == StackRole.Decoder;
        return BranchInitialization.Standard with
        {
            Gain = (isDecoder ? Math.Pow(9, -0.25) : 0.67) * Math.Pow(stack.Layers, -0.25),
            QueryKeyGain = Math.Sqrt(0.5),
            SeparateProjections = true,
            EmbeddingGain = Math.Pow(9.0 * stack.Layers, -0.25),
        };
    }

    private static BranchInitialization All(double gain) =>
        BranchInitialization.Standard with
        {
            Gain = gain,
            QueryKeyGain = gain,
        };
}
