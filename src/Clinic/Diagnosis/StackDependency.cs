using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>The residual dependency of one stack of n sublayers.</summary>
/// <param name="Stack">Its name, as in <see cref="SublayerPlace.Stack"/>.</param>
/// <param name="Beta">
/// <c>beta[i][j]</c>, <c>0 &lt;= j &lt;= i &lt;= n</c>: how much of the state x_i after i sublayers is what is left of
/// the branch a_j, a_0 being the stack's input. <c>beta[i][j]^2 = mean_tokens(Var[c_j] / Var[x_i])</c>, variances over
/// the channels of a token, c the components of <see cref="ResidualDependency"/>; padding is left out. The squares of a
/// row sum to about 1: to 1 apart from the components' correlation.
/// </param>
/// <param name="Deviations">
/// <c>[i][j]</c>, the same rows without division: <c>mean_tokens(std(c_j))</c>, n - 1 in the variance, over all
/// positions, padding too.
/// </param>
/// <param name="ReferenceDeviations">
/// Reference-compatible: the rows that <c>--plot_variance</c> writes into <c>variance_log.json</c>. They are not a
/// decomposition of the state: see <see cref="ResidualDependency"/>.
/// </param>
/// <param name="LargestDifference">
/// <c>max |sum_j c_j - x_i|</c> over all states and elements: rounding, if the components are right.
/// </param>
public sealed record StackDependency(
    string Stack,
    IReadOnlyList<IReadOnlyList<double>> Beta,
    IReadOnlyList<IReadOnlyList<double>> Deviations,
    IReadOnlyList<IReadOnlyList<double>> ReferenceDeviations,
    double LargestDifference
)
{
    /// <summary>
    /// <c>beta[i][i]</c> for <c>1 &lt;= i &lt;= n</c>: how much of a state is the newest branch. By the paper's theorem
    /// 2 the output change is about <c>C * sum_i beta[i][i]^2</c>.
    /// </summary>
    public IReadOnlyList<double> Diagonal => [.. Beta.Skip(1).Select(row => row[^1])];

    /// <summary>Measures one forward pass of any model, in the model's precision.</summary>
    /// <param name="pass">
    /// The pass. Between two sublayers of a stack the stream must stay as it is, and normalizations must be layer
    /// normalizations, or <c>nn.Identity()</c>.
    /// </param>
    /// <returns>The stacks in forward order.</returns>
    /// <exception cref="InvalidOperationException">
    /// The pass ran through no residual connection, or the components of a sublayer's output are not known.
    /// </exception>
    public static IReadOnlyList<StackDependency> Measure(DiagnosedPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var stacks = new OnDemand<string, StackDecomposition>(stack => new StackDecomposition(
            stack,
            pass.RealOf(stack)
        ));
        pass.Run(sublayer => stacks[sublayer.Place.Stack].Add(sublayer));
        return [.. stacks.Values.Select(stack => stack.Result())];
    }
}
