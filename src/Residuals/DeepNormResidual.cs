using static TorchSharp.torch;

namespace TransformerClinic.Residuals;

/// <summary>
/// <c>x_i = LN(alpha * x_{i-1} + f_i(x_{i-1}))</c>, alpha constant; the initial weights of the feed-forward matrices,
/// of the value and the output projection are drawn with gain beta (Wang et al. 2022, "DeepNet", table 2).
/// </summary>
public sealed class DeepNormResidual : PostNormResidual
{
    /// <summary>A connection of a stack.</summary>
    /// <param name="dim">Width of the residual stream.</param>
    /// <param name="stack">The stack, whose depth alpha and beta are chosen for.</param>
    /// <param name="norm">
    /// What the sum goes through; a layer normalization if null. One that is given keeps its device and type.
    /// </param>
    /// <param name="device">Where its parameters are; torch's default device if null.</param>
    /// <param name="dtype">Their type; torch's default type if null.</param>
    public DeepNormResidual(
        long dim,
        StackShape stack,
        nn.Module<Tensor, Tensor>? norm = null,
        Device? device = null,
        ScalarType? dtype = null
    )
        : base(nameof(DeepNormResidual), dim, norm, device, dtype)
    {
        (Alpha, Beta) = Constants(stack);
        Form = NormalizedSum(shortcut: ResidualScale.Of(Alpha, "alpha"));
    }

    /// <summary>The shortcut's scale.</summary>
    public double Alpha { get; }

    /// <summary>The gain of the branch's initial weights.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public override bool IsScaledForDepth => true;

    /// <inheritdoc/>
    public override BranchInitialization BranchInitialization =>
        BranchInitialization.Standard with
        {
            Distribution = WeightDistribution.XavierNormal,
            Gain = Beta,
            SeparateProjections = true,
        };

    /// <summary>
    /// Encoder of an encoder-decoder model of N and M layers: <c>alpha = 0.81 (N^4 M)^(1/16)</c>, <c>beta = 0.87 (N^4
    /// M)^(-1/16)</c>; its decoder: <c>(3M)^(1/4)</c>, <c>(12M)^(-1/4)</c>; one stack of N layers: <c>(2N)^(1/4)</c>,
    /// <c>(8N)^(-1/4)</c>.
    /// </summary>
    public static (double Alpha, double Beta) Constants(StackShape stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var (n, m) = ((double)stack.EncoderLayers, (double)stack.DecoderLayers);
        return stack.Role switch
        {
            StackRole.Encoder => (
                0.81 * Math.Pow(n * n * n * n * m, 1.0 / 16),
                0.87 * Math.Pow(n * n * n * n * m, -1.0 / 16)
            ),
            StackRole.Decoder => (Math.Pow(3 * m, 0.25), Math.Pow(12 * m, -0.25)),
            StackRole.Alone => (Math.Pow(2 * n, 0.25), Math.Pow(8 * n, -0.25)),
            _ => throw new ArgumentOutOfRangeException(nameof(stack), stack.Role, "This role of a stack is not known."),
        };
    }
}
