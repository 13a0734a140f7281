using TransformerClinic.Diagnosis.Depth;
using TransformerClinic.Model;

namespace TransformerClinic.Diagnosis.Findings;

/// <summary>
/// What happens along the depth of one stack, sublayer by sublayer from its input; means over models, geometric where
/// said. A number that is not finite is null.
/// </summary>
/// <param name="Similarity">How alike the tokens of a sentence are: <see cref="TokenSimilarity"/>.</param>
/// <param name="Variance">The variance of the output: <see cref="StateVariance.Output"/>.</param>
/// <param name="BranchShare">
/// The branch's variance over the shortcut's: <see cref="StateVariance.BranchShare"/>.
/// </param>
/// <param name="GradientKept">
/// <c>|g_i| / |g_n|</c>, the true gradient over that at the stack's output, geometric.
/// </param>
/// <param name="GradientThroughShortcuts">
/// <c>|h_i| / |g_n|</c>, what the product of the shortcuts' Jacobians would leave: <see cref="ShortcutGradient"/>,
/// geometric.
/// </param>
internal sealed record DepthFindings(
    IReadOnlyList<double?> Similarity,
    IReadOnlyList<double?> Variance,
    IReadOnlyList<double?> BranchShare,
    IReadOnlyList<double?> GradientKept,
    IReadOnlyList<double?> GradientThroughShortcuts
)
{
    /// <summary>
    /// What removing each sublayer costs, in nats per target token: <see cref="SublayerRemoval"/>; empty for a model
    /// that is not trained.
    /// </summary>
    public IReadOnlyList<double?> RemovalDamage { get; init; } = [];

    /// <summary>Draws the findings of one stack from examinations.</summary>
    public static DepthFindings Of(StackName stack, IReadOnlyList<Examination> examinations)
    {
        double?[] Mean<T>(
            Func<Examination, IReadOnlyList<T>> measured,
            Func<T, SublayerPlace> place,
            Func<IReadOnlyList<T>, T, double> value,
            bool geometric = false
        ) =>
            MeanOf(
                [
                    .. examinations.Select(found =>
                    {
                        T[] own = [.. measured(found).Where(entry => place(entry).Address?.Stack == stack)];
                        return own.Select(entry => value(own, entry)).ToArray();
                    }),
                ],
                geometric
            );
        return new DepthFindings(
            Mean(found => found.Similarities, entry => entry.Place, (_, entry) => entry.Value),
            Mean(found => found.Variances, entry => entry.Place, (_, entry) => entry.Output),
            Mean(found => found.Variances, entry => entry.Place, (_, entry) => entry.BranchShare),
            Mean(
                found => found.ShortcutGradients,
                entry => entry.Place,
                (all, entry) => entry.Norm / all[^1].Norm,
                geometric: true
            ),
            Mean(
                found => found.ShortcutGradients,
                entry => entry.Place,
                (all, entry) => entry.ThroughShortcuts / all[^1].Norm,
                geometric: true
            )
        );
    }

    /// <summary>The same with what removing sublayers costs.</summary>
    public DepthFindings With(StackName stack, IReadOnlyList<SublayerRemoval> removals) =>
        this with
        {
            RemovalDamage =
            [
                .. removals
                    .Where(removal => removal.Place.Address?.Stack == stack)
                    .Select(removal => Finite(removal.Damage)),
            ],
        };

    private static double?[] MeanOf(IReadOnlyList<double[]> rows, bool geometric) =>
        [
            .. rows[0]
                .Select(
                    (_, i) =>
                        Finite(
                            geometric ? Math.Exp(rows.Average(row => Math.Log(row[i]))) : rows.Average(row => row[i])
                        )
                ),
        ];

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
