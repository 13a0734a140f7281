using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Depth;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis.Depth;

public class SublayerRemovalTests
{
    private static readonly double[] Scales = [0.5, 2, 1];

    [Fact]
    public void Without_a_sublayer_a_Post_LN_stack_computes_what_the_equation_says_without_it()
    {
        using var scope = NewDisposeScope();
        using var model = new WalshModel(dim => new PostLnResidual(dim, nn.LayerNorm(dim, eps: 1e-12)), Scales);
        var input = WalshModel.Function(4).unsqueeze(0);
        static double Loss(Tensor output) => (output * WalshModel.Function(4)).mean().item<double>();

        var found = SublayerRemoval.Measure(new DiagnosedPass(model, () => model.forward(input)), Loss);

        // Orthogonal functions of variance 1: each normalization divides by sqrt(1 + s^2) what came in.
        double Left(IEnumerable<double> scales) =>
            scales.Aggregate(1.0, (left, scale) => left / Math.Sqrt(1 + (scale * scale)));
        Assert.Equal(3, found.Count);
        Assert.All(
            found.Index(),
            removal =>
                Assert.Equal(Left(Scales.Where((_, i) => i != removal.Index)) - Left(Scales), removal.Item.Damage, 1e-9)
        );
    }

    [Theory]
    [InlineData(ResidualVariant.PreLn)]
    [InlineData(ResidualVariant.Rezero)]
    [InlineData(ResidualVariant.Dlcl)]
    public void Where_a_sublayer_hands_on_its_sum_removal_is_a_branch_that_writes_nothing(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(variant);
        var input = Patient.Input();
        var pass = DiagnosedPass.Of(model, input);
        static double Loss(Tensor logits) => Patient.Loss(logits).item<double>();
        var before = Patient.Weights(model);

        var found = SublayerRemoval.Measure(pass, Loss);

        Assert.Equal(before, Patient.Weights(model));
        Assert.Equal(10, found.Count);
        using var noGradient = no_grad();
        var whole = Loss(pass.Run(_ => { }));
        foreach (
            var removal in found.Where(removal =>
                removal.Place.Name == "feed_forward" || removal.Place.Name == "cross_attention"
            )
        )
        {
            var outer = removal.Place.Name == "feed_forward" ? "outer" : "output_projection";
            var path = $"{removal.Place.Address!.Value.Path}.branch.{outer}";
            var parameters = model
                .named_parameters()
                .Where(entry => entry.name.StartsWith(path + ".", StringComparison.Ordinal))
                .Select(entry => (Parameter: entry.parameter, Values: entry.parameter.clone()))
                .ToList();
            Assert.NotEmpty(parameters);
            parameters.ForEach(entry => entry.Parameter.zero_());
            Assert.Equal(Loss(pass.Run(_ => { })) - whole, removal.Damage, 1e-9 * Math.Abs(whole));
            parameters.ForEach(entry => entry.Parameter.copy_(entry.Values));
        }
    }

    [Theory]
    [InlineData(ResidualVariant.B2t)]
    [InlineData(ResidualVariant.SpanNorm)]
    [InlineData(ResidualVariant.SiameseNorm)]
    [InlineData(ResidualVariant.DlclPostLn)]
    [InlineData(ResidualVariant.HyperConnections)]
    [InlineData(ResidualVariant.Mhc)]
    [InlineData(ResidualVariant.Residual)]
    [InlineData(ResidualVariant.Keel)]
    public void Sublayers_of_several_streams_can_be_removed_and_are_back_afterwards(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(variant);
        var pass = DiagnosedPass.Of(model, Patient.Input());
        static double Loss(Tensor logits) => Patient.Loss(logits).item<double>();
        using var noGradient = no_grad();
        var whole = Loss(pass.Run(_ => { }));

        var found = SublayerRemoval.Measure(pass, Loss);

        Assert.All(found, removal => Assert.True(double.IsFinite(removal.Damage) && removal.Damage != 0));
        Assert.Equal(whole, Loss(pass.Run(_ => { })));
    }
}
