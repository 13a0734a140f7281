using TransformerClinic.Diagnosis;
using TransformerClinic.Model;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>The gradient norms along one stack, from its input to its output.</summary>
/// <param name="Places">The sublayers.</param>
/// <param name="Norms">Their outputs' gradient norms.</param>
internal sealed record GradientPath(IReadOnlyList<SublayerPlace> Places, IReadOnlyList<double> Norms)
{
    /// <summary><c>|dL/dx_1| / |dL/dx_n|</c>.</summary>
    public double Kept => Norms[0] / Norms[^1];

    /// <summary>The path along a stack, from norms in backward order.</summary>
    public static GradientPath Of(StackName stack, IReadOnlyList<SublayerGradient> backward)
    {
        var forward = backward.Reverse().Where(gradient => gradient.Place.Address?.Stack == stack).ToList();
        return new GradientPath(
            [.. forward.Select(gradient => gradient.Place)],
            [.. forward.Select(gradient => gradient.Norm)]
        );
    }

    /// <summary>The product of <c>|dL/dx_{i-1}| / |dL/dx_i|</c> over the sublayers i of a kind.</summary>
    public double KeptThrough(SublayerKind kind) =>
        Enumerable
            .Range(1, Norms.Count - 1)
            .Where(i => Places[i].Address?.Kind == kind)
            .Aggregate(1.0, (kept, i) => kept * Norms[i - 1] / Norms[i]);

    /// <summary>The geometric mean of several paths, each relative to its own norm.</summary>
    public static GradientPath MeanOf(IReadOnlyList<GradientPath> paths, IReadOnlyList<double> relativeTo) =>
        new(
            paths[0].Places,
            [
                .. paths[0]
                    .Norms.Select(
                        (_, i) => GeometricMean(paths.Zip(relativeTo, (path, whole) => path.Norms[i] / whole))
                    ),
            ]
        );

    /// <summary>The geometric mean of positive numbers.</summary>
    public static double GeometricMean(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));
}
