using TransformerClinic.Diagnosis;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis;

public class OutputDriftTests
{
    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Drift_is_the_output_change_of_the_same_step(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Patient.Perturbed(variant);
        var input = Patient.Input();
        using var perturbation = WeightPerturbation.RandomSigns(model, seed: 4, step: 1e-3);
        var expected = ModelOutputChange.Measure(model, input, perturbation);
        using var drift = new OutputDrift(DiagnosedPass.Of(model, input));

        var before = drift.Measure();
        var moved = before;
        perturbation.During(model, () => moved = drift.Measure());

        Assert.All(before.Values.SelectMany(changes => changes), change => Assert.Equal(0, change));
        Assert.Equal(expected.Encoder.Changes, moved["encoder"]);
        Assert.Equal(expected.Decoder.Changes, moved["decoder"]);
    }

    [Fact]
    public void A_snapshot_measures_how_far_each_parameter_has_moved()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Patient.Perturbed(ResidualVariant.Admin);
        using var snapshot = new WeightSnapshot(model);
        Assert.All(snapshot.Changes(), change => Assert.Equal(0, change.Norm));
        model.get_parameter("encoder.layers.1.self_attention.branch.input_projection.weight")![16..32].add_(0.5);

        var changes = snapshot.Changes();

        var key = Assert.Single(changes, change => change.Norm > 0);
        Assert.Equal(ParameterGroup.Key, key.Group);
        Assert.Equal((0.5 * 16, 0.5), (Math.Round(key.Norm, 9), Math.Round(key.RootMeanSquare, 9)));
        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), changes.Sum(change => change.Elements));
    }

    [Fact]
    public void Norms_relative_to_the_largest_are_per_element_and_only_of_matrices()
    {
        ParameterNorm Norm(string name, ParameterGroup group, double norm, int elements) =>
            new(name, group, norm, elements);

        var relative = ParameterNorms.RelativeToLargest([
            Norm("encoder.layers.0.feed_forward.branch.inner.weight", ParameterGroup.FeedForwardInner, 20, 100),
            Norm("encoder.layers.0.feed_forward.branch.outer.weight", ParameterGroup.FeedForwardOuter, 2, 4),
            Norm("encoder.layers.0.feed_forward.branch.outer.bias", ParameterGroup.FeedForwardOuter, 99, 2),
            Norm("encoder.layers.0.feed_forward.residual.alpha", ParameterGroup.Alpha, 99, 1),
        ]);

        Assert.Equal([1, 0.5], relative.Select(entry => entry.Relative));
    }
}
