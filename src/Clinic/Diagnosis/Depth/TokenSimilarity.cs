using TorchSharp;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Diagnosis.Depth;

/// <summary>
/// How alike the tokens of a sentence have become after each sublayer: <c>s = mean of cos(x_i, x_j) over all pairs i !=
/// j of one sentence</c>, x the sublayer's output at a real position. At 1 all tokens are one direction, and attention
/// has nothing left to choose from (rank collapse: Dong et al. 2021; Yu and Zhang, JMLR 27, 2026).
/// </summary>
/// <remarks>
/// Over a sentence of m tokens with unit vectors u, the cosines of its <c>m (m - 1)</c> ordered pairs sum to <c>|sum
/// u|^2 - m</c>; sentences of one token have no pair.
/// </remarks>
internal static class TokenSimilarity
{
    /// <summary>Measures one forward pass of each batch, without dropout; all pairs count alike.</summary>
    /// <param name="passes">
    /// At least one pass; the last dimension but one of a stream is the position in a sentence.
    /// </param>
    /// <returns>In forward order; not a number where no sentence has two tokens.</returns>
    /// <exception cref="InvalidOperationException">A pass ran through no residual connection.</exception>
    public static IReadOnlyList<SublayerValue> Measure(IReadOnlyList<DiagnosedPass> passes)
    {
        ArgumentNullException.ThrowIfNull(passes);
        using var noGradient = no_grad();
        var found = new OrderedDictionary<SublayerPlace, (double Cosines, double Pairs)>();
        foreach (var pass in passes)
        {
            using var scope = NewDisposeScope();
            pass.Run(sublayer =>
            {
                var (cosines, pairs) = Sum(sublayer.Output, pass.RealOf(sublayer.Place.Stack));
                var before = found.GetValueOrDefault(sublayer.Place);
                found[sublayer.Place] = (before.Cosines + cosines, before.Pairs + pairs);
            });
        }

        return
        [
            .. found.Select(entry => new SublayerValue(
                entry.Key,
                entry.Value.Pairs > 0 ? entry.Value.Cosines / entry.Value.Pairs : double.NaN
            )),
        ];
    }

    /// <summary>The sum of the cosines of all ordered pairs, and how many there are.</summary>
    private static (double Cosines, double Pairs) Sum(Tensor output, Tensor? real)
    {
        using var scope = NewDisposeScope();
        using Scalar least = 1e-300;
        var length = output.dim() > 1 ? output.shape[^2] : 1;
        var x = output.to(ScalarType.Float64).reshape(-1, length, output.shape[^1]);
        var counted = real is null
            ? ones(x.shape[0], length, dtype: ScalarType.Float64, device: x.device)
            : real.to(ScalarType.Float64).reshape(-1, length);
        var size = x.pow(HeldScalars.Two).sum(-1, keepdim: true).sqrt_().clamp_(least);
        var sum = (x / size * counted.unsqueeze(-1)).sum(1); // [sentences, dim]
        var tokens = counted.sum(1);
        return (
            sum.pow(HeldScalars.Two).sum().item<double>() - tokens.sum().item<double>(),
            (tokens * tokens - tokens).sum().item<double>()
        );
    }
}
