namespace TransformerClinic.Residuals.Tests;

/// <summary>A sublayer of hyper-connections in plain doubles, by the papers' equations.</summary>
internal static class PlainStreams
{
    private const int Count = 4;

    /// <summary>The streams after a sublayer whose branch is <paramref name="branch"/>.</summary>
    public static double[][] Next(
        ResidualConnection connection,
        double[][] streams,
        bool isConstrained,
        Func<double[], double[]> norm,
        Func<double[], double[]> branch
    )
    {
        double[] Values(string name) => connection.get_parameter(name)!.data<double>().ToArray();
        var (fixedPart, moving, scales) = (Values("static"), Values("dynamic"), Values("scale"));
        double Scale(int column) =>
            scales[
                column switch
                {
                    0 => 0,
                    > Count => scales.Length - 1,
                    _ => scales.Length - 2,
                }
            ];
        var weights = new double[Count][];
        for (var s = 0; s < Count; s++)
        {
            var normalized = norm(isConstrained ? [.. streams.SelectMany(stream => stream)] : streams[s]);
            weights[s] = new double[Count + 2];
            for (var column = 0; column < Count + 2; column++)
            {
                var (width, at) = isConstrained
                    ? (Count * (Count + 2), (s * (Count + 2)) + column)
                    : (Count + 2, column);
                var product = normalized.Select((value, c) => value * moving[(c * width) + at]).Sum();
                weights[s][column] =
                    ((isConstrained ? product : Math.Tanh(product)) * Scale(column))
                    + fixedPart[(s * (Count + 2)) + column];
            }
        }

        double[] read = [.. weights.Select(row => isConstrained ? Sigmoid(row[0]) + 1e-6 : row[0])];
        double[] write = [.. weights.Select(row => isConstrained ? 2 * Sigmoid(row[^1]) : row[^1])];
        double[][] mix = [.. weights.Select(row => row[1..^1])];
        mix = isConstrained ? DoublyStochastic(mix) : mix;
        var f = branch(Sum(streams, read));
        return
        [
            .. Enumerable
                .Range(0, Count)
                .Select(t =>
                    (double[])[.. Sum(streams, [.. mix.Select(row => row[t])]).Zip(f, (h, g) => h + (write[t] * g))]
                ),
        ];
    }

    /// <summary>The sum of streams times a weight each.</summary>
    public static double[] Sum(double[][] streams, double[] weights) =>
        [.. streams[0].Select((_, c) => streams.Select((stream, s) => weights[s] * stream[c]).Sum())];

    private static double[][] DoublyStochastic(double[][] mix)
    {
        double[][] positive = [.. mix.Select(row => Shares([.. row.Select(Math.Exp)], 0))];
        positive = [.. positive.Select(row => (double[])[.. row.Select(value => value + 1e-6)])];
        for (var round = 0; round < 20; round++)
        {
            positive = round == 0 ? positive : [.. positive.Select(row => Shares(row, 1e-6))];
            positive = Turned([.. Turned(positive).Select(column => Shares(column, 1e-6))]);
        }

        return positive;
    }

    private static double[] Shares(double[] weights, double little) =>
        [.. weights.Select(weight => weight / (weights.Sum() + little))];

    private static double[][] Turned(double[][] rows) =>
        [.. Enumerable.Range(0, Count).Select(t => (double[])[.. rows.Select(row => row[t])])];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
