using TransformerClinic.Residuals.Remedies;

namespace TransformerClinic.Residuals.Tests;

/// <summary>Stacks of remedies in plain doubles, by the equations of their sources.</summary>
internal static class PlainRemedies
{
    /// <summary>A stack's output; every branch is <see cref="Branch"/>.</summary>
    public static double[] Stack(
        ResidualVariant variant,
        List<ResidualConnection> connections,
        StackShape stack,
        NormKind kind,
        double[] x
    )
    {
        var sublayers = stack.Role == StackRole.Decoder ? 3 : 2;
        var n = connections.Count;
        var layers = n / sublayers;
        var (sum, input) = (x, x);
        List<double[]> history = [x];
        double[][] streams = [x, x, x, x];
        for (var i = 0; i < n; i++)
        {
            var connection = connections[i];
            var (layer, sublayer) = (i / sublayers, i % sublayers);
            double[] N(string name, double[] values, double epsilon = 1e-5) =>
                Norm(connection, name, kind, values, epsilon);
            double[] Plus(double[] one, double[] other, double factor = 1) =>
                [.. one.Zip(other, (a, b) => a + (factor * b))];
            double Alpha() => connection.get_parameter("alpha")!.item<double>();
            input = sublayer == 0 ? x : input;
            switch (variant)
            {
                case ResidualVariant.Keel when i == 0:
                    x = Plus(x, Branch(N("before", x)));
                    break;
                case ResidualVariant.Keel:
                    x = N("norm", Plus(Branch(N("before", x)), x, layer == 0 ? 1 : n));
                    break;
                case ResidualVariant.B2t:
                    x = N("norm", Plus(Plus(x, Branch(x)), input, sublayer == sublayers - 1 ? 1 : 0));
                    break;
                case ResidualVariant.Residual:
                    var branch = Branch(x);
                    (x, sum) = (N("norm", Plus(x, branch)), Plus(sum, branch));
                    break;
                case ResidualVariant.LayerNormScaling:
                    x = Plus(x, Branch([.. N("norm", x).Select(value => value / Math.Sqrt(layer + 1))]));
                    break;
                case ResidualVariant.MixLn:
                    x = layer < layers / 4 ? N("norm", Plus(x, Branch(x))) : Plus(x, Branch(N("norm", x)));
                    break;
                case ResidualVariant.PeriLn or ResidualVariant.SandwichLn:
                    x = Plus(x, N("inner", Branch(N("before", x))));
                    break;
                case ResidualVariant.OutputNorm:
                    x = Plus(x, N("norm", Branch(x)));
                    break;
                case ResidualVariant.LayerScale:
                    var lambda = connection.get_parameter("lambda")!.data<double>().ToArray();
                    x = Plus(x, [.. Branch(N("norm", x)).Zip(lambda, (f, factor) => f * factor)]);
                    break;
                case ResidualVariant.SkipInit:
                    x = Plus(x, Branch(x), Alpha());
                    break;
                case ResidualVariant.SubLn: // the rest of it is in the branches
                    x = Plus(x, Branch(N("norm", x)));
                    break;
                case ResidualVariant.HybridNormStar when layer == 0:
                    x = Plus(x, Branch(N("norm", x)));
                    break;
                // As the authors' code has it, the feed-forward network's input first.
                case ResidualVariant.HybridNorm or ResidualVariant.HybridNormStar:
                    x = sublayer == sublayers - 1 ? Norm(connections[i - 1], "norm", kind, x) : x;
                    x = Plus(x, Branch(x));
                    break;
                case ResidualVariant.DepthMup:
                    x = Plus(x, Branch(N("norm", x)), 1 / Math.Sqrt(layers));
                    break;
                case ResidualVariant.CompleteP:
                    x = Plus(x, Branch(N("norm", x)), 1.0 / layers);
                    break;
                case ResidualVariant.SpanNorm:
                    x = N("norm", Plus(sublayer == sublayers - 1 ? input : x, Branch(x)));
                    break;
                case ResidualVariant.SiameseNorm: // as the authors' code has it, p normalized first
                    x = i == 0 ? N("entry", x) : Norm(connections[i - 1], "norm", kind, x);
                    var wrote = Branch(N("before", Plus(x, N("read", sum))));
                    (x, sum) = (Plus(x, wrote, 1 / Math.Sqrt(2 * (layer + 1))), Plus(sum, wrote));
                    break;
                case ResidualVariant.TFixup:
                    x = Plus(x, Branch(x));
                    break;
                case ResidualVariant.Dlcl or ResidualVariant.DlclPostLn:
                    var isPreNorm = variant == ResidualVariant.Dlcl;
                    x = i == 0 ? [.. x.Select(value => connection.get_parameter("start")!.item<double>() * value)] : x;
                    x = isPreNorm ? Plus(x, Branch(N("norm", x))) : N("norm", Plus(x, Branch(x)));
                    if (sublayer == sublayers - 1)
                    {
                        history.Add(isPreNorm ? N("stored", x) : x);
                        x = WeightedSum(history, connection.get_parameter("weights")!.data<double>().ToArray());
                        x = isPreNorm ? x : N("mixed", x);
                    }

                    break;
                case ResidualVariant.HyperConnections or ResidualVariant.Mhc:
                    var isConstrained = variant == ResidualVariant.Mhc;
                    streams = PlainStreams.Next(
                        connection,
                        streams,
                        isConstrained,
                        stream => N("streams", stream),
                        read => Branch(N("norm", read))
                    );
                    x = PlainStreams.Sum(streams, [1, 1, 1, 1]);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(variant));
            }
        }

        double[] WithEnd(double[] stream, double epsilon) =>
            [.. stream.Zip(Norm(connections[^1], "end", kind, sum, epsilon), (a, b) => a + b)];
        return variant switch
        {
            ResidualVariant.Residual => WithEnd(x, 1e-7),
            ResidualVariant.SiameseNorm => WithEnd(Norm(connections[^1], "norm", kind, x), 1e-5),
            _ => x,
        };
    }

    private static double[] WeightedSum(List<double[]> rows, double[] weights)
    {
        Assert.Equal(rows.Count, weights.Length);
        return [.. rows[0].Select((_, c) => rows.Select((row, k) => weights[k] * row[c]).Sum())];
    }

    /// <summary>What stands for a branch.</summary>
    public static double[] Branch(double[] input) => [.. input.Select(value => (value * 1.7) + 0.3)];

    /// <summary>A normalization of a connection.</summary>
    public static double[] Norm(
        ResidualConnection connection,
        string name,
        NormKind kind,
        double[] x,
        double epsilon = 1e-5
    )
    {
        double[] Values(string part) => connection.get_parameter($"{name}.{part}")!.data<double>().ToArray();
        var weight = Values("weight");
        if (kind == NormKind.ScaleNorm)
        {
            var length = Math.Sqrt(x.Sum(value => value * value));
            return [.. x.Select(value => Values("weight")[0] * value / Math.Max(length, 1e-5))];
        }

        var bias = kind == NormKind.LayerNorm ? Values("bias") : new double[x.Length];
        var mean = kind == NormKind.RmsNorm ? 0 : x.Average();
        var deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + epsilon);
        return [.. x.Select((value, i) => ((value - mean) / deviation * weight[i]) + bias[i])];
    }
}
