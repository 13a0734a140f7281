using TorchSharp;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

public class AnalyticOmegaTests
{
    private const int Dim = 4;

    /// <summary>Values that the package admin-torch 0.1.0 computes.</summary>
    [Theory]
    [InlineData(1, 1.373095073830624, 1)]
    [InlineData(2, 1.3155674364624994, 1.4142135623730951)]
    [InlineData(12, 2.017009218686578, 3.4641016151377544)]
    [InlineData(144, 5.304297800772133, 12)]
    public void Omegas_are_those_of_the_reference(int residuals, double logN, double constant)
    {
        Assert.Equal(logN, AnalyticOmega.Of(residuals, OutputChange.LogN), 1e-14);
        Assert.Equal(1, AnalyticOmega.Of(residuals, OutputChange.Linear));
        Assert.Equal(constant, AnalyticOmega.Of(residuals, OutputChange.Constant), 1e-14);
    }

    [Fact]
    public void There_is_no_omega_without_connections() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AnalyticOmega.Of(0, OutputChange.LogN));

    [Theory]
    [InlineData(OmegaShape.Scalar, 1)]
    [InlineData(OmegaShape.Vector, Dim)]
    public void A_trained_omega_has_the_shape_asked_for(OmegaShape shape, long size)
    {
        using var connection = new AdminAnalyticResidual(
            Dim,
            12,
            new AnalyticOptions { Shape = shape, Trainable = true }
        );
        connection.to(ScalarType.Float64);
        Assert.Equal([size], connection.Omega!.shape);
        Assert.All(connection.ShortcutScale(), scale => Assert.Equal(2.017009218686578, scale, 1e-7));
    }

    [Theory]
    [InlineData(OmegaShape.Scalar)]
    [InlineData(OmegaShape.Vector)]
    public void A_constant_omega_is_no_parameter_and_exact_in_double_precision(OmegaShape shape)
    {
        using var scope = NewDisposeScope();
        using var connection = new AdminAnalyticResidual(
            Dim,
            12,
            new AnalyticOptions { Shape = shape },
            norm: nn.Identity()
        );
        Assert.Null(connection.Omega);
        Assert.Empty(connection.parameters());
        var x = ones(2, Dim, dtype: ScalarType.Float64);
        Assert.All(
            connection.call(x, zeros_like(x)).data<double>(),
            value => Assert.Equal(2.017009218686578, value, 1e-15)
        );
        Assert.All(connection.ShortcutScale(), scale => Assert.Equal(2.017009218686578, scale, 1e-15));
    }

    [Fact]
    public void A_foreign_models_chains_are_counted_apart_and_say_why()
    {
        using var model = new ForeignModel(Dim, encoderBlocks: 3, decoderBlocks: 8);
        AnalyticOmega.Set(model, OutputChange.Constant);
        Assert.All(
            model.Encoder,
            connection =>
                Assert.Equal(
                    (Math.Sqrt(3), "Constant in a chain of 3 connections, from only their number."),
                    (connection.Setting!.Omega, connection.Setting.Why)
                )
        );
        Assert.All(
            model.Decoder,
            connection => Assert.Equal((float)Math.Sqrt(8), connection.Omega.data<float>()[Dim - 1])
        );
    }
}
