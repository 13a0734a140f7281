using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Depth;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis.Depth;

public class ShortcutGradientTests
{
    [Theory]
    [InlineData(ResidualVariant.PostLn)]
    [InlineData(ResidualVariant.Admin)]
    [InlineData(ResidualVariant.PreLn)]
    public void It_is_the_product_of_the_Jacobians_written_out(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(variant);
        var input = Patient.Input();

        var found = ShortcutGradient.Measure(DiagnosedPass.Of(model, input), Patient.Backward);

        var balance = GradientBalance.Measure(model, input, Patient.Backward).Sublayers.Reverse().ToList();
        Assert.Equal(balance.Select(entry => entry.Place), found.Select(entry => entry.Place));
        Assert.All(balance.Zip(found), pair => Assert.Equal(pair.First.Norm, pair.Second.Norm, 1e-9 * pair.First.Norm));
        foreach (var stack in new[] { "encoder", "decoder" })
        {
            var own = found.Where(entry => entry.Place.Stack == stack).ToList();
            var expected = Products(model, input, stack, variant);
            Assert.All(
                own.Zip(expected),
                pair => Assert.Equal(pair.Second, pair.First.ThroughShortcuts, 1e-8 * pair.Second)
            );
            Assert.Equal(own[^1].Norm, own[^1].ThroughShortcuts);
        }
    }

    [Fact]
    public void Where_branches_read_nothing_the_shortcuts_carry_the_whole_gradient()
    {
        using var scope = NewDisposeScope();
        using var model = new WalshModel(dim => new PostLnResidual(dim), 0.5, 2, 1);
        var input = WalshModel.Function(5).unsqueeze(0).requires_grad_(true);
        var weights = tensor(new[] { 3.0, 1, 4, 1, 5, 9, 2, 6 });

        var found = ShortcutGradient.Measure(
            new DiagnosedPass(model, () => model.forward(input)),
            output => (output.square() * weights).sum().backward()
        );

        Assert.All(found, entry => Assert.Equal(entry.Norm, entry.ThroughShortcuts, 1e-10 * entry.Norm));
        Assert.NotEqual(found[0].Norm, found[2].Norm);
    }

    [Theory]
    [InlineData(ResidualVariant.B2t)]
    [InlineData(ResidualVariant.Residual)]
    [InlineData(ResidualVariant.SiameseNorm)]
    [InlineData(ResidualVariant.Dlcl)]
    [InlineData(ResidualVariant.DlclPostLn)]
    [InlineData(ResidualVariant.HyperConnections)]
    [InlineData(ResidualVariant.Mhc)]
    [InlineData(ResidualVariant.Keel)]
    [InlineData(ResidualVariant.PeriLn)]
    public void Every_remedy_has_one_and_the_gradients_are_zero_afterwards(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(variant);

        var found = ShortcutGradient.Measure(DiagnosedPass.Of(model, Patient.Input()), Patient.Backward);

        Assert.Equal(10, found.Count);
        Assert.All(found, entry => Assert.True(entry is { Norm: > 0, ThroughShortcuts: > 0 }));
        Assert.Equal(0, model.parameters().Sum(parameter => parameter.grad!.abs().sum().item<double>()));
    }

    [Fact]
    public void Within_a_layer_of_span_norm_the_shortcut_passes_by_the_stream()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.SpanNorm);

        var found = ShortcutGradient.Measure(DiagnosedPass.Of(model, Patient.Input()), Patient.Backward);

        Assert.All(found, entry => Assert.True(entry.Norm > 0));
        Assert.All(
            found,
            entry =>
                Assert.Equal(entry.Place.Address!.Value.Kind == SublayerKind.FeedForward, entry.ThroughShortcuts > 0)
        );
    }

    /// <summary>
    /// <c>|h_i|</c> in plain numbers: the gradient at the stack's output by autograd, and from there down token by
    /// token <c>h_{i-1} = s J^T h_i</c>, where J of <c>y = w (z - mean z) / sqrt(var z + eps) + b</c> has <c>dy_c/dz_k
    /// = w_c / sigma (delta_ck - 1/d - z^_c z^_k / d)</c>.
    /// </summary>
    private static List<double> Products(Transformer model, ModelInput input, string stack, ResidualVariant variant)
    {
        var seen = SeenSublayer.Of(model, input).Where(sublayer => sublayer.Place.Stack == stack).ToList();
        var gradient = TopGradient(model, input, stack);
        var norms = new List<double>();
        foreach (var sublayer in seen.AsEnumerable().Reverse())
        {
            norms.Add(Math.Sqrt(gradient.Sum(row => row.Sum(value => value * value))));
            gradient = [.. gradient.Select((row, i) => Back(model, sublayer, i, row, variant))];
        }

        norms.Reverse();
        return norms;
    }

    private static double[] Back(
        Transformer model,
        SeenSublayer sublayer,
        int position,
        double[] gradient,
        ResidualVariant variant
    )
    {
        if (variant == ResidualVariant.PreLn)
        {
            return gradient;
        }

        var parameters = model
            .named_parameters()
            .Where(entry =>
                entry.name.StartsWith($"{sublayer.Place.Address!.Value.Path}.residual.", StringComparison.Ordinal)
            )
            .ToDictionary(
                entry => entry.name[(entry.name.LastIndexOf('.') + 1)..],
                entry => SeenSublayer.Rows(entry.parameter)[0]
            );
        var weight = parameters["weight"];
        var scale = parameters.GetValueOrDefault("omega") ?? [.. weight.Select(_ => 1.0)];
        var dim = weight.Length;
        double[] z =
        [
            .. Enumerable
                .Range(0, dim)
                .Select(c => (scale[c] * sublayer.Shortcut[position][c]) + sublayer.Branch[position][c]),
        ];
        var mean = z.Average();
        var sigma = Math.Sqrt(z.Average(value => (value - mean) * (value - mean)) + 1e-5);
        double[] standardized = [.. z.Select(value => (value - mean) / sigma)];
        return
        [
            .. Enumerable
                .Range(0, dim)
                .Select(k =>
                    scale[k]
                    * Enumerable
                        .Range(0, dim)
                        .Sum(c =>
                            gradient[c]
                            * weight[c]
                            / sigma
                            * ((c == k ? 1.0 : 0.0) - (1.0 / dim) - (standardized[c] * standardized[k] / dim))
                        )
                ),
        ];
    }

    private static double[][] TopGradient(Transformer model, ModelInput input, string stack)
    {
        Tensor? top = null;
        var logits = DiagnosedPass
            .Of(model, input)
            .Run(sublayer =>
            {
                if (sublayer.Place.Stack == stack)
                {
                    top = sublayer.Output.positive().DetachFromDisposeScope();
                    top.retain_grad();
                }
            });
        Patient.Backward(logits);
        using (top)
        {
            var gradient = SeenSublayer.Rows(top!.grad!);
            model.zero_grad();
            return gradient;
        }
    }
}
