using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis;

/// <summary>How a perturbation of the weights changes one stack of n sublayers.</summary>
/// <param name="Stack">Its name, as in <see cref="SublayerPlace.Stack"/>.</param>
/// <param name="Changes">
/// After <c>N = 1 .. n</c> sublayers, <c>E |x^_N - x*^_N|^2</c> per number of the state: the mean over channels and
/// real positions, where <c>x^ = (x - mean(x)) / std(x)</c> over a token's channels. This is the paper's <c>Var[F(x_0,
/// W) - F(x_0, W*)]</c>; it does not grow with the batch.
/// </param>
/// <param name="Growth">Changes against N.</param>
/// <param name="ReferenceInputChanges">
/// Reference-compatible, one per sublayer: <c>|z/std(z) - z*/std(z*)|</c> of its branch's input, after the
/// normalization in Pre-LN; Euclidean over <c>[..., dim]</c>, padding too, <c>n - 1</c> in the variance. Not a number
/// where z is constant, such as padding at the encoder's input.
/// </param>
/// <param name="ReferenceFinalChange">
/// Reference-compatible: <c>|x_n - x*_n|</c> of the last sublayer's output, before a stack's final normalization.
/// </param>
public sealed record StackOutputChange(
    string Stack,
    IReadOnlyList<double> Changes,
    GrowthFit Growth,
    IReadOnlyList<double> ReferenceInputChanges,
    double ReferenceFinalChange
)
{
    /// <summary>Measures two forward passes of any model. The weights are the same afterwards, bit by bit.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="perturbation">The change of its model's weights.</param>
    /// <returns>The stacks in forward order.</returns>
    /// <exception cref="InvalidOperationException">The pass ran through no residual connection.</exception>
    public static IReadOnlyList<StackOutputChange> Measure(DiagnosedPass pass, WeightPerturbation perturbation)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(perturbation);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var stacks = new OnDemand<string, StackComparison>(stack => new StackComparison(
            stack,
            pass.RealOf(stack)
        ));
        pass.Run(sublayer => stacks[sublayer.Place.Stack].Keep(sublayer));
        perturbation.During(pass.Model, () => pass.Run(sublayer => stacks[sublayer.Place.Stack].Compare(sublayer)));
        return [.. stacks.Values.Select(stack => stack.Result())];
    }
}
