namespace TransformerClinic.Residuals.Remedies;

/// <summary>
/// <c>x_i = x_{i-1} + f_i(LN(x_{i-1}))</c> where self-attention and the feed-forward network have one more
/// normalization before their last matrix (<see cref="BranchNorm.BeforeOutput"/>), and one at the end of the stack
/// (Wang et al. 2022, "Sub-LN" of Magneto). Values, output projections and both feed-forward matrices are drawn
/// <c>g</c> times as large: <c>g = sqrt(ln(2N))</c> in a stack of its own of N layers, <c>sqrt(ln(3M) ln(2N) / 3)</c>
/// in an encoder of N layers with a decoder of M, <c>sqrt(ln(3M))</c> in that decoder, whose cross-attention keeps 1.
/// </summary>
/// <remarks>
/// As in the authors' code, where cross-attention has no inner normalization either. That code multiplies PyTorch's
/// default weights of a linear layer by g; here, as with <see cref="DeepNormResidual"/>, they are Xavier-normal. The
/// initial weights are a remedy of their own: with <see cref="InitialWeights.Xavier"/> they are left out.
/// </remarks>
public sealed class SubLnResidual : ResidualConnection
{
    private readonly double _gain;

    /// <summary>The connection of a place.</summary>
    public SubLnResidual(ResidualPlace place)
        : base(nameof(SubLnResidual), Width(place))
    {
        var norm = place.CreateNorm();
        register_module("norm", norm);
        var isCross = place.Kind == BranchKind.CrossAttention;
        _gain = isCross ? 1 : Gain(place.Stack);
        Form = new ResidualForm
        {
            Before = new ScaledNorm(norm),
            BranchNorm = isCross ? BranchNorm.None : BranchNorm.BeforeOutput,
        };
    }

    /// <inheritdoc/>
    public override bool StackNeedsFinalNorm => true;

    /// <inheritdoc/>
    public override bool IsScaledForDepth => true;

    /// <inheritdoc/>
    public override BranchInitialization BranchInitialization =>
        new()
        {
            Distribution = WeightDistribution.XavierNormal,
            Gain = _gain,
            SeparateProjections = true,
        };

    /// <summary>g, the gain of the initial weights in a stack.</summary>
    public static double Gain(StackShape stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var (encoder, decoder) = (Math.Log(2 * stack.EncoderLayers), Math.Log(3 * stack.DecoderLayers));
        return Math.Sqrt(
            stack.Role switch
            {
                StackRole.Encoder => decoder * encoder / 3,
                StackRole.Decoder => decoder,
                _ => encoder,
            }
        );
    }
}
