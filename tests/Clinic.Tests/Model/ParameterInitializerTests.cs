using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

public class ParameterInitializerTests
{
    private const int Dim = 64;
    private const int Hidden = 96;

    [Fact]
    public void The_fused_attention_input_has_half_the_variance_of_separate_matrices()
    {
        using var scope = NewDisposeScope();
        using var initializer = new ParameterInitializer(1);
        var fused = initializer.AttentionInput(Dim, BranchInitialization.Standard);
        var separate = initializer.AttentionInput(
            Dim,
            BranchInitialization.Standard with
            {
                SeparateProjections = true,
            }
        );
        Assert.Equal(Math.Sqrt(6.0 / (4 * Dim)), Largest(fused), 0.01 * Largest(fused));
        Assert.Equal(Math.Sqrt(6.0 / (2 * Dim)), Largest(separate), 0.01 * Largest(separate));
    }

    [Fact]
    public void A_gain_scales_values_outputs_and_the_feed_forward_matrices_but_not_queries_and_keys()
    {
        using var scope = NewDisposeScope();
        using var initializer = new ParameterInitializer(1);
        var deepNorm = new BranchInitialization
        {
            Distribution = WeightDistribution.XavierNormal,
            Gain = 0.25,
            SeparateProjections = true,
        };
        var parts = initializer.AttentionInput(Dim, deepNorm).chunk(3);
        var (inner, outer) = initializer.FeedForward(Dim, Hidden, deepNorm);
        var attention = Math.Sqrt(2.0 / (2 * Dim));
        var feedForward = 0.25 * Math.Sqrt(2.0 / (Dim + Hidden));
        Assert.Equal(
            [attention, attention, 0.25 * attention],
            parts.Select(Deviation),
            (a, b) => Math.Abs(a - b) < 0.03 * a
        );
        Assert.Equal(
            [feedForward, feedForward],
            new[] { inner, outer }.Select(Deviation),
            (a, b) => Math.Abs(a - b) < 0.03 * a
        );

        // A normal distribution has values beyond the bound of the uniform one of its deviation.
        Assert.True(Largest(inner) > 2.5 * feedForward);
    }

    [Fact]
    public void A_mirrored_feed_forward_branch_starts_linear()
    {
        using var scope = NewDisposeScope();
        using var initializer = new ParameterInitializer(1);
        var (inner, outer) = initializer.FeedForward(
            Dim,
            Hidden,
            BranchInitialization.Standard with
            {
                MirroredFeedForward = true,
            }
        );
        var x = randn(5, Dim);
        var output = x.matmul(inner.t()).relu().matmul(outer.t());
        var linear = x.matmul(inner.narrow(0, 0, Hidden / 2).t()).matmul(outer.narrow(1, 0, Hidden / 2).t());
        Assert.True((output - linear).abs().max().item<float>() < 1e-5);
        Assert.True(linear.abs().max().item<float>() > 0.1);
    }

    private static double Largest(Tensor matrix) => matrix.abs().max().item<float>();

    private static double Deviation(Tensor matrix) => matrix.std().item<float>();
}
