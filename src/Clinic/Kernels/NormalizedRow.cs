using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// A normalization of one row of any length, in its place: <c>y = (x - mean) / sqrt(mean((x - mean)^2) + eps) * weight
/// + bias</c>. It can leave out the mean, and divide by no less than a smallest deviation.
/// </summary>
internal static class NormalizedRow
{
    /// <summary>Normalizes a row.</summary>
    /// <param name="row">x, then y.</param>
    /// <param name="weight">Of its length.</param>
    /// <param name="bias">Of its length.</param>
    /// <param name="epsilon">eps.</param>
    /// <param name="centers">Whether the mean is subtracted.</param>
    /// <param name="smallestDeviation">What is divided by where the root is less.</param>
    public static void Apply(
        Span<float> row,
        ReadOnlySpan<float> weight,
        ReadOnlySpan<float> bias,
        double epsilon,
        bool centers,
        float smallestDeviation
    )
    {
        var center = centers ? Sum(row) / row.Length : 0;
        var deviation = MathF.Sqrt((SquaresAround(row, center) / row.Length) + (float)epsilon);
        var reciprocal = 1 / MathF.Max(deviation, smallestDeviation);
        var i = 0;
        for (; i <= row.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var normal = (Vector512.Create<float>(row[i..]) - Vector512.Create(center)) * reciprocal;
            Vector512
                .FusedMultiplyAdd(normal, Vector512.Create(weight[i..]), Vector512.Create(bias[i..]))
                .CopyTo(row[i..]);
        }

        for (; i < row.Length; i++)
        {
            row[i] = MathF.FusedMultiplyAdd((row[i] - center) * reciprocal, weight[i], bias[i]);
        }
    }

    private static float Sum(ReadOnlySpan<float> row)
    {
        var (sums, i) = (Vector512<float>.Zero, 0);
        for (; i <= row.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            sums += Vector512.Create(row[i..]);
        }

        var total = Vector512.Sum(sums);
        for (; i < row.Length; i++)
        {
            total += row[i];
        }

        return total;
    }

    private static float SquaresAround(ReadOnlySpan<float> row, float center)
    {
        var (squares, i) = (Vector512<float>.Zero, 0);
        for (; i <= row.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var distance = Vector512.Create(row[i..]) - Vector512.Create(center);
            squares += distance * distance;
        }

        var total = Vector512.Sum(squares);
        for (; i < row.Length; i++)
        {
            total += (row[i] - center) * (row[i] - center);
        }

        return total;
    }
}
