namespace TransformerClinic.Residuals.Tests;

public class DeepNormTests
{
    /// <summary>Constants of the DeepNet paper's table 2 for 18+18 layers, and of one stack of 24.</summary>
    [Theory]
    [InlineData(StackRole.Encoder, 18, 18, 1.999, 0.353)]
    [InlineData(StackRole.Decoder, 18, 18, 2.711, 0.261)]
    [InlineData(StackRole.Alone, 24, 0, 2.632, 0.269)]
    public void Constants_are_the_papers(
        StackRole role,
        int encoderLayers,
        int decoderLayers,
        double alpha,
        double beta
    )
    {
        var constants = DeepNormResidual.Constants(new StackShape(role, encoderLayers, decoderLayers));
        Assert.Equal((alpha, beta), (Math.Round(constants.Alpha, 3), Math.Round(constants.Beta, 3)));
    }

    [Fact]
    public void Its_branches_are_drawn_with_gain_beta_and_separate_projections()
    {
        using var connection = new DeepNormResidual(8, StackShape.Alone(2));
        Assert.Equal(0.5, connection.Beta, 1e-12);
        Assert.Equal(
            new BranchInitialization
            {
                Distribution = WeightDistribution.XavierNormal,
                Gain = connection.Beta,
                SeparateProjections = true,
            },
            connection.BranchInitialization
        );
    }
}
