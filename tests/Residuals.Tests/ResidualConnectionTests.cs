using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

public class ResidualConnectionTests
{
    private const int Dim = 6;

    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_sublayer_is_its_equation(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var random = new Generator(7, CPU);
        using var connection = Perturbed(variant, random);
        var x = randn(2, 3, Dim, dtype: ScalarType.Float64, generator: random);
        static Tensor Branch(Tensor input) => (input * 1.7) + 0.3;

        var actual = connection.Combine(x, Branch(connection.BranchInput(x)));

        Assert.Equal(x.shape, actual.shape);
        var (weight, bias) = (Values(connection, "norm.weight"), Values(connection, "norm.bias"));
        var omega = variant == ResidualVariant.Admin ? Values(connection, "omega") : [.. Enumerable.Repeat(1.0, Dim)];
        for (var position = 0; position < 6; position++)
        {
            var row = x.view(6, Dim)[position].data<double>().ToArray();
            double[] expected = variant == ResidualVariant.PreLn
                ? [.. Plain.LayerNorm(row, weight, bias).Select((normed, i) => row[i] + (normed * 1.7) + 0.3)]
                : Plain.LayerNorm([.. row.Select((value, i) => (value * omega[i]) + (value * 1.7) + 0.3)], weight, bias);
            Assert.Equal(expected, actual.view(6, Dim)[position].data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_single_position_keeps_its_shape(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var connection = ResidualConnection.Create(variant, Dim);
        var x = randn(1, Dim);
        Assert.Equal([1, Dim], connection.Combine(x, connection.BranchInput(x)).shape);
    }

    [Fact]
    public void Admin_starts_as_post_ln()
    {
        using var scope = NewDisposeScope();
        using var admin = ResidualConnection.Create(ResidualVariant.Admin, Dim);
        using var postLn = ResidualConnection.Create(ResidualVariant.PostLn, Dim);
        var (x, f) = (randn(4, 5, Dim), randn(4, 5, Dim));
        Assert.Equal(postLn.Combine(x, f).data<float>().ToArray(), admin.Combine(x, f).data<float>().ToArray());
    }

    [Fact]
    public void Omega_gets_the_gradient_of_the_scaled_shortcut()
    {
        using var scope = NewDisposeScope();
        using var connection = new AdminResidual(Dim);
        connection.to(ScalarType.Float64);
        var (x, f) = (randn(3, Dim, dtype: ScalarType.Float64), randn(3, Dim, dtype: ScalarType.Float64));
        var weights = randn(3, Dim, dtype: ScalarType.Float64);
        double Loss() => (connection.Combine(x, f) * weights).sum().item<double>();

        (connection.Combine(x, f) * weights).sum().backward();
        var gradient = connection.Omega.grad!.data<double>().ToArray();
        using var noGradient = no_grad();
        for (var i = 0; i < Dim; i++)
        {
            const double step = 1e-6;
            connection.Omega[i].add_(step);
            var above = Loss();
            connection.Omega[i].sub_(2 * step);
            var below = Loss();
            connection.Omega[i].add_(step);
            Assert.Equal((above - below) / (2 * step), gradient[i], 1e-7);
        }
    }

    [Fact]
    public void Only_pre_ln_stacks_end_with_one_more_normalisation() => Assert.Equal(
        [false, true, false],
        new[] { ResidualVariant.PostLn, ResidualVariant.PreLn, ResidualVariant.Admin }.Select(variant =>
        {
            using var connection = ResidualConnection.Create(variant, Dim);
            return connection.StackNeedsFinalNorm;
        }));

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_connection_outlives_the_dispose_scope_it_is_built_in(ResidualVariant variant)
    {
        ResidualConnection connection;
        using (NewDisposeScope())
        {
            connection = ResidualConnection.Create(variant, Dim);
        }

        using var owned = connection;
        using var scope = NewDisposeScope();
        var x = randn(2, Dim);
        Assert.Equal([2, Dim], connection.Combine(x, connection.BranchInput(x)).shape);
    }

    [Fact]
    public void An_unknown_variant_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ResidualConnection.Create((ResidualVariant)99, Dim));

    private static ResidualConnection Perturbed(ResidualVariant variant, Generator random)
    {
        var connection = ResidualConnection.Create(variant, Dim);
        connection.to(ScalarType.Float64);
        foreach (var parameter in connection.parameters())
        {
            parameter.add_(randn(parameter.shape, dtype: ScalarType.Float64, generator: random) * 0.3);
        }

        return connection;
    }

    private static double[] Values(ResidualConnection connection, string parameter) =>
        connection.get_parameter(parameter)!.data<double>().ToArray();
}
