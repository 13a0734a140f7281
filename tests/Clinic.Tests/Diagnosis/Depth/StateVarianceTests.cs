using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Depth;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis.Depth;

public class StateVarianceTests
{
    [Theory]
    [InlineData(ResidualVariant.PostLn)]
    [InlineData(ResidualVariant.PreLn)]
    [InlineData(ResidualVariant.Admin)]
    [InlineData(ResidualVariant.Residual)]
    public void It_is_the_variance_over_the_channels_of_each_token(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(variant);
        var input = Patient.Input();

        var found = StateVariance.Measure([DiagnosedPass.Of(model, input)]);

        var seen = SeenSublayer.Of(model, input);
        Assert.Equal(seen.Select(sublayer => sublayer.Place), found.Select(entry => entry.Place));
        Assert.All(
            seen.Zip(found),
            pair =>
            {
                var (sublayer, variance) = pair;
                Assert.Equal(MeanVariance(sublayer, sublayer.Shortcut), variance.Shortcut, 1e-10 * variance.Shortcut);
                Assert.Equal(MeanVariance(sublayer, sublayer.Branch), variance.Branch, 1e-10 * variance.Branch);
                Assert.Equal(MeanVariance(sublayer, sublayer.Output), variance.Output, 1e-10 * variance.Output);
                Assert.Equal(variance.Branch / variance.Shortcut, variance.BranchShare);
            }
        );
    }

    [Fact]
    public void Along_a_plain_sum_of_orthogonal_branches_the_squares_of_their_scales_add_up()
    {
        using var scope = NewDisposeScope();
        using var model = new WalshModel(dim => new PostLnResidual(dim, nn.Identity()), 2, 3);
        var input = WalshModel.Function(0).unsqueeze(0);

        // The stack's input is orthogonal to both branches and has variance 1.
        var found = StateVariance.Measure([new DiagnosedPass(model, () => model.forward(input))]);

        Assert.Equal([5.0, 14], found.Select(entry => entry.Output));
        Assert.Equal([4.0, 9], found.Select(entry => entry.Branch));
    }

    private static double MeanVariance(SeenSublayer sublayer, double[][] rows) =>
        rows.Where((_, i) => sublayer.Sentence[i] is not null)
            .Average(row =>
            {
                var mean = row.Average();
                return row.Average(value => (value - mean) * (value - mean));
            });
}
