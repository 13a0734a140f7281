using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Model;

/// <summary>What is computed in one pass over memory, and what is not.</summary>
public class SublayerTests
{
    private const int Dim = 16;

    /// <summary>The kernel has eps 1e-5, gain and bias: with others the operators must compute it.</summary>
    [Theory]
    [InlineData(1e-2, true, true)]
    [InlineData(1e-5, false, true)]
    [InlineData(1e-5, true, false)]
    public void A_normalization_that_the_kernel_does_not_have_is_left_to_the_operators(
        double eps,
        bool affine,
        bool bias
    )
    {
        var norm = nn.LayerNorm(Dim, eps: eps, elementwise_affine: affine, bias: bias);
        var (found, expected) = Outputs(new PostLnResidual(Dim, norm));
        Assert.Equal(expected, found);
    }

    [Fact]
    public void A_normalization_that_it_has_is_computed_in_one_pass_with_the_same_result_but_for_rounding()
    {
        var (found, expected) = Outputs(new PostLnResidual(Dim));
        Assert.NotEqual(expected, found);
        Assert.Equal(expected, found, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Analytic_Admin_is_computed_operator_by_operator_as_its_stored_studies_were()
    {
        var options = new AnalyticOptions { Trainable = true, Shape = OmegaShape.Vector };
        var (found, expected) = Outputs(new AdminAnalyticResidual(Dim, 4, options));
        Assert.Equal(expected, found);
    }

    /// <summary>The kernel knows of no hooks: where there are any, it must not compute in their place.</summary>
    [Fact]
    public void Forward_hooks_of_the_connection_run_in_a_sublayer()
    {
        var connection = new PostLnResidual(Dim);
        var (before, after) = (0, 0);
        connection.register_forward_pre_hook(_ => before++);
        connection.register_forward_hook(
            (_, _, _, output) =>
            {
                after++;
                return output.neg();
            }
        );
        var (found, expected) = Outputs(connection);
        Assert.Equal(expected, found);
        Assert.Equal((2, 2), (before, after));
        Assert.Equal(Outputs(new PostLnResidual(Dim)).Expected, Array.ConvertAll(found, value => -value));
    }

    private static (float[] Found, float[] Expected) Outputs(ResidualConnection connection)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var dropout = new Dropout();
        using var initializer = new ParameterInitializer(1);
        var options = SmallModel.Options() with { Dim = Dim };
        var branch = new FeedForward(options, BranchDesign.Standard, initializer, dropout);
        using var sublayer = new Sublayer(branch, connection, options, dropout);
        using var random = new Generator(3, CPU);
        var x = randn(7, 5, Dim, generator: random);
        return (
            sublayer.Apply(x, branch.forward).data<float>().ToArray(),
            connection.Connect(x, branch.forward).data<float>().ToArray()
        );
    }
}
