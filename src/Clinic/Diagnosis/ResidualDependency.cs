using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>
/// How much each state of a model's residual streams depends on each of its branches (Liu et al. 2020, section 4.1 and
/// figures 7 and 8): <c>x_i / std(x_i) = sum_{j &lt;= i} beta[i][j] * a_j / std(a_j)</c>.
/// </summary>
/// <remarks>
/// <para>
/// The components <c>c_0 .. c_i</c> of the state x_i sum to it. They begin with the stack's input, <c>c_0 = x_0</c>. A
/// sublayer without a normalization of its sum (Pre-LN, ReZero) appends <c>c_i = b * f_i</c>. One that computes <c>x_i
/// = LN(y)</c>, <c>y = s * x_{i-1} + b * f_i</c>, appends the same, scales those before by s, and then, as a
/// normalization is linear once y's statistics are known, turns each into <c>(c_j - mean(c_j)) / sqrt(var(y) + eps) *
/// weight</c>; the bias is added to c_0.
/// </para>
/// <para>
/// The reference's <c>--plot_variance</c> (only for the encoder) does not divide by <c>sqrt(var(y) + eps)</c>, does
/// not center, has no bias, and leaves the newest component of a plain Post-LN feed-forward sublayer without the
/// weight. Right for Pre-LN; for the others its rows grow or shrink with depth. They are measured in addition to
/// the right ones, to compare with what was published.
/// </para>
/// </remarks>
/// <param name="Encoder">The encoder's.</param>
/// <param name="Decoder">The decoder's; cross-attention is one more branch.</param>
internal sealed record ResidualDependency(StackDependency Encoder, StackDependency Decoder)
{
    /// <summary>Measures one forward pass without dropout, in the model's precision.</summary>
    /// <param name="model">A model of any residual variants.</param>
    /// <param name="input">What it reads.</param>
    /// <exception cref="InvalidOperationException">A pass with dropout is in progress.</exception>
    public static ResidualDependency Measure(Transformer model, ModelInput input)
    {
        using var scope = NewDisposeScope();
        var stacks = StackDependency.Measure(DiagnosedPass.Of(model, input));
        return new ResidualDependency(
            stacks.Single(stack => stack.Stack == StackName.Encoder.Word()),
            stacks.Single(stack => stack.Stack == StackName.Decoder.Word())
        );
    }
}
