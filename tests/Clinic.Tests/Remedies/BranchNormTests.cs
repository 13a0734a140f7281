using TorchSharp;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Remedies;

/// <summary>Branches that normalize inside themselves, in plain doubles.</summary>
public sealed class BranchNormTests
{
    private const int Heads = 2;

    public static TheoryData<ResidualVariant, NormKind, bool> Attentions =>
        new MatrixTheoryData<ResidualVariant, NormKind, bool>(
            [ResidualVariant.SubLn, ResidualVariant.HybridNorm, ResidualVariant.HybridNormStar],
            [NormKind.LayerNorm, NormKind.ScaleNorm],
            [false, true]
        );

    [Theory]
    [MemberData(nameof(Attentions))]
    public void Attention_normalizes_where_the_variant_asks_for_it(ResidualVariant variant, NormKind kind, bool cross)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Model(variant, kind);
        var attention = (MultiHeadAttention)
            (cross ? model.Decoder.Layers[0].CrossAttention : model.Encoder.Layers[0].SelfAttention).Branch;
        var (x, memory) = (Rows(3), cross ? Rows(5) : null);

        var found = memory is null
            ? attention.ToSelf(Tensor(x), mask: null)
            : attention.ToSequence(Tensor(x), Tensor(memory), mask: null);

        Assert.Equal((variant == ResidualVariant.SubLn && !cross, variant != ResidualVariant.SubLn), Has(attention));
        AssertClose(Attention(Parameters(attention), x, memory ?? x, kind), found);
    }

    [Theory]
    [InlineData(NormKind.LayerNorm)]
    [InlineData(NormKind.RmsNorm)]
    public void So_does_the_feed_forward_network(NormKind kind)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Model(ResidualVariant.SubLn, kind);
        var branch = (FeedForward)model.Encoder.Layers[0].FeedForward.Branch;
        var (x, own) = (Rows(3), Parameters(branch));

        var found = branch.forward(Tensor(x));

        var expected = x.Select(row =>
            Linear(
                own,
                "outer",
                Norm(own, "norm", kind, [.. Linear(own, "inner", row).Select(value => Math.Max(value, 0))])
            )
        );
        AssertClose([.. expected], found);
    }

    private static (bool Output, bool Heads) Has(MultiHeadAttention attention) =>
        (attention.OutputNorm is not null, attention.HeadNorms is not null);

    private static double[][] Attention(
        Dictionary<string, double[]> own,
        double[][] x,
        double[][] memory,
        NormKind kind
    )
    {
        var dim = x[0].Length;
        var width = dim / Heads;
        double[] Part(double[] row, int part, int head)
        {
            var all = Linear(own, "input_projection", row);
            double[] values = [.. all.Skip((part * dim) + (head * width)).Take(width)];
            var name = "head_norms." + new[] { "query", "key", "value" }[part];
            return own.ContainsKey(name + ".weight") ? Norm(own, name, kind, values) : values;
        }

        double[] Head(double[] row, int head)
        {
            var query = Part(row, 0, head);
            var scores = memory.Select(other =>
                Math.Exp(query.Zip(Part(other, 1, head), (q, k) => q * k).Sum() / Math.Sqrt(width))
            );
            double[] weights = [.. scores];
            var values = memory.Select(other => Part(other, 2, head)).ToList();
            return
            [
                .. Enumerable
                    .Range(0, width)
                    .Select(i => values.Zip(weights, (value, weight) => value[i] * weight).Sum() / weights.Sum()),
            ];
        }

        return
        [
            .. x.Select(row =>
            {
                double[] together = [.. Enumerable.Range(0, Heads).SelectMany(head => Head(row, head))];
                return Linear(
                    own,
                    "output_projection",
                    own.ContainsKey("norm.weight") ? Norm(own, "norm", kind, together) : together
                );
            }),
        ];
    }

    private static double[] Linear(Dictionary<string, double[]> own, string name, double[] row)
    {
        var (weight, bias) = (own[name + ".weight"], own[name + ".bias"]);
        return
        [
            .. bias.Select((shift, i) => shift + row.Select((value, j) => value * weight[(i * row.Length) + j]).Sum()),
        ];
    }

    private static double[] Norm(Dictionary<string, double[]> own, string name, NormKind kind, double[] row)
    {
        var weight = own[name + ".weight"];
        if (kind == NormKind.ScaleNorm)
        {
            var length = Math.Sqrt(row.Sum(value => value * value));
            return [.. row.Select(value => weight[0] * value / Math.Max(length, 1e-5))];
        }

        var mean = kind == NormKind.RmsNorm ? 0 : row.Average();
        var deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + 1e-5);
        var bias = kind == NormKind.LayerNorm ? own[name + ".bias"] : new double[row.Length];
        return [.. row.Select((value, i) => ((value - mean) / deviation * weight[i]) + bias[i])];
    }

    private static Transformer Model(ResidualVariant variant, NormKind kind)
    {
        var stack = new StackOptions
        {
            Layers = 1,
            Variant = variant,
            Norm = kind,
        };
        var model = SmallModel.Create(SmallModel.Options() with { Encoder = stack, Decoder = stack });
        model.to(ScalarType.Float64);
        model.eval();
        using var random = new Generator(9, CPU);
        foreach (var (_, parameter) in model.named_parameters().Where(entry => entry.parameter.dim() == 1))
        {
            parameter.add_(randn(parameter.shape, dtype: ScalarType.Float64, generator: random) * 0.2);
        }

        return model;
    }

    private static Dictionary<string, double[]> Parameters(nn.Module branch) =>
        branch
            .named_parameters()
            .ToDictionary(
                entry => entry.name,
                entry => entry.parameter.data<double>().ToArray(),
                StringComparer.Ordinal
            );

    private static double[][] Rows(int count)
    {
        var random = new Random(count);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => Enumerable.Range(0, 16).Select(_ => (2 * random.NextDouble()) - 1).ToArray()),
        ];
    }

    private static Tensor Tensor(double[][] rows) =>
        tensor(rows.SelectMany(row => row).ToArray()).reshape(1, rows.Length, rows[0].Length);

    private static void AssertClose(double[][] expected, Tensor found) =>
        Assert.Equal(
            expected.SelectMany(row => row).ToArray(),
            found.data<double>().ToArray(),
            (a, b) => Math.Abs(a - b) < 1e-12
        );
}
