using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Depth;

/// <summary>
/// The variances at one sublayer: <c>Var[x] = E (x_c - mean_c(x))^2</c> over a token's channels c, mean of the real
/// positions. After a fresh layer normalization it is 1; along Pre-LN it grows with every branch.
/// </summary>
/// <param name="Place">The sublayer.</param>
/// <param name="Shortcut">Of its input x.</param>
/// <param name="Branch">Of its branch f, which Admin's profiling sums up.</param>
/// <param name="Output">Of its output.</param>
internal sealed record StateVariance(SublayerPlace Place, double Shortcut, double Branch, double Output)
{
    /// <summary>
    /// <c>Var[f] / Var[x]</c>: how much the branch adds to what was there. Where it does not fall with depth, the
    /// newest branch decides every state.
    /// </summary>
    public double BranchShare => Branch / Shortcut;

    /// <summary>Measures one forward pass of each batch, without dropout; all tokens count alike.</summary>
    /// <param name="passes">At least one pass.</param>
    /// <returns>In forward order.</returns>
    /// <exception cref="InvalidOperationException">A pass ran through no residual connection.</exception>
    public static IReadOnlyList<StateVariance> Measure(IReadOnlyList<DiagnosedPass> passes)
    {
        ArgumentNullException.ThrowIfNull(passes);
        using var noGradient = no_grad();
        var found = new OrderedDictionary<SublayerPlace, Sums>();
        foreach (var pass in passes)
        {
            using var scope = NewDisposeScope();
            pass.Run(sublayer =>
            {
                var real = pass.RealOf(sublayer.Place.Stack);
                var (shortcut, numbers) = SquaresAroundMean(sublayer.Shortcut, real);
                var before = found.GetValueOrDefault(sublayer.Place, new Sums(0, 0, 0, 0));
                found[sublayer.Place] = new Sums(
                    before.Shortcut + shortcut,
                    before.Branch + SquaresAroundMean(sublayer.Branch, real).Sum,
                    before.Output + SquaresAroundMean(sublayer.Output, real).Sum,
                    before.Numbers + numbers
                );
            });
        }

        return
        [
            .. found.Select(entry => new StateVariance(
                entry.Key,
                entry.Value.Shortcut / entry.Value.Numbers,
                entry.Value.Branch / entry.Value.Numbers,
                entry.Value.Output / entry.Value.Numbers
            )),
        ];
    }

    private static (double Sum, double Numbers) SquaresAroundMean(Tensor x, Tensor? real)
    {
        using var scope = NewDisposeScope();
        var tokens = RealTokens.Of(x, real).to(ScalarType.Float64);
        var centered = tokens - tokens.mean([-1], keepdim: true);
        return (centered.pow(HeldScalars.Two).sum().item<double>(), tokens.numel());
    }

    private sealed record Sums(double Shortcut, double Branch, double Output, double Numbers);
}
