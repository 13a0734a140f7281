namespace TransformerClinic.Bench.Prediction;

/// <summary>
/// Logistic regression, <c>P(y) = 1 / (1 + exp(-w x))</c>, by Newton's method with steps of at most 1.
/// </summary>
internal static class LogisticFit
{
    private const int Rounds = 200;
    private const double Enough = 1e-10;

    // So small that it decides nothing but where the classes can be told apart without error.
    private const double Ridge = 1e-3;

    /// <summary>The weights w.</summary>
    /// <param name="rows">The features x and the outcome y of each case.</param>
    public static double[] Of(IReadOnlyList<(double[] X, bool Y)> rows)
    {
        var size = rows[0].X.Length;
        var weights = new double[size];
        for (var round = 0; round < Rounds; round++)
        {
            var (gradient, curvature) = (new double[size], new double[size, size]);
            for (var i = 0; i < size; i++)
            {
                gradient[i] = -Ridge * weights[i];
                curvature[i, i] = Ridge;
            }

            foreach (var (x, y) in rows)
            {
                var chance = 1 / (1 + Math.Exp(-x.Zip(weights, (a, b) => a * b).Sum()));
                for (var i = 0; i < size; i++)
                {
                    gradient[i] += ((y ? 1 : 0) - chance) * x[i];
                    for (var j = 0; j < size; j++)
                    {
                        curvature[i, j] += chance * (1 - chance) * x[i] * x[j];
                    }
                }
            }

            var step = Solve(curvature, gradient);
            var largest = step.Max(Math.Abs);
            var share = Math.Min(1, 1 / Math.Max(largest, Enough));
            weights = [.. weights.Zip(step, (weight, change) => weight + (share * change))];
            if (largest < Enough)
            {
                break;
            }
        }

        return weights;
    }

    /// <summary>x of <c>A x = b</c>, A symmetric and positive, by Gauss and Jordan.</summary>
    private static double[] Solve(double[,] a, double[] b)
    {
        var size = b.Length;
        for (var i = 0; i < size; i++)
        {
            for (var row = 0; row < size; row++)
            {
                var factor = a[row, i] / a[i, i];
                if (row != i)
                {
                    for (var column = i; column < size; column++)
                    {
                        a[row, column] -= factor * a[i, column];
                    }

                    b[row] -= factor * b[i];
                }
            }
        }

        return [.. b.Select((value, i) => value / a[i, i])];
    }
}
