using TransformerClinic.Diagnosis;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis;

public class ResidualDependencyTests
{
    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Components_sum_to_the_state(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(variant);

        var found = ResidualDependency.Measure(model, Patient.Input());

        Assert.All([found.Encoder, found.Decoder], stack => Assert.InRange(stack.LargestDifference, 0, 1e-12));
        Assert.Equal([1, 2, 3, 4, 5], found.Encoder.Beta.Select(row => row.Count));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], found.Decoder.Beta.Select(row => row.Count));
        Assert.All(
            found.Encoder.Beta.Concat(found.Decoder.Beta).SelectMany(row => row),
            beta => Assert.True((beta > 0 || variant == ResidualVariant.SpanNorm) && double.IsFinite(beta))
        );
        Assert.Equal([1.0], found.Decoder.Beta[0]);
    }

    [Fact]
    public void At_the_end_of_a_layer_of_span_norm_only_its_input_and_its_last_branch_are_left()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.SpanNorm);

        var found = ResidualDependency.Measure(model, Patient.Input());

        // The input and the branches of two layers, after the last sublayer.
        Assert.Equal([true, false, true, false, true], found.Encoder.Beta[^1].Select(beta => beta > 0));
        Assert.Equal([true, false, false, true, false, false, true], found.Decoder.Beta[^1].Select(beta => beta > 0));
    }

    [Fact]
    public void The_components_of_one_Admin_sublayer_are_those_of_the_equation()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Patient.Perturbed(ResidualVariant.Admin);
        var input = Patient.Input();
        var sublayer = model.Encoder.Layers[0].SelfAttention;
        Tensor? shortcut = null,
            branch = null,
            output = null;
        sublayer.Residual.Observer = (x, f, y) =>
            (shortcut, branch, output) = (
                x.clone().DetachFromDisposeScope(),
                f.clone().DetachFromDisposeScope(),
                y.clone().DetachFromDisposeScope()
            );

        var found = ResidualDependency.Measure(model, input).Encoder;

        // The observer that was there has seen the pass. Dividing by sqrt(var(y) + eps) and by the state's deviation
        // leaves what weight * (c - mean(c)) varies by, relative to the same of y.
        var residual = (AdminResidual)sublayer.Residual;
        var weight = residual.get_parameter("norm.weight")!;
        var real = input.Source.ne(1);
        Tensor Varies(Tensor c) => ((c - c.mean([-1], keepdim: true)) * weight)[real].var(-1, unbiased: true);
        var deviation = (branch! + (shortcut! * residual.Omega)).var(-1, unbiased: true)[real] * 15 / 16 + 1e-5;
        var expected = (Varies(branch!) / deviation / output![real].var(-1, unbiased: true))
            .mean()
            .sqrt()
            .item<double>();
        Assert.Equal(expected, found.Beta[1][1], 1e-12);
        Assert.Equal(found.Beta[1][1], found.Diagonal[0]);
        Assert.NotNull(sublayer.Residual.Observer);
    }

    [Fact]
    public void A_branch_that_ReZero_scales_by_0_does_not_count()
    {
        using var scope = NewDisposeScope();
        using var model = new Transformer(
            SmallModel.Options(ResidualVariant.Rezero),
            SmallModel.Words,
            padding: 1,
            seed: 1
        );

        var found = ResidualDependency.Measure(model, Patient.Input());

        Assert.All(found.Decoder.Beta.Index(), row => Assert.Equal([1.0, .. new double[row.Index]], row.Item));
    }

    [Fact]
    public void Padding_does_not_count()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.Admin);
        var (source, target) = (SmallModel.Tokens(2, 5, 1), SmallModel.Tokens(2, 6, 2));

        var plain = ResidualDependency.Measure(model, new ModelInput(source, target));
        var padded = ResidualDependency.Measure(
            model,
            new ModelInput(cat([SmallModel.Padding(2, 3), source], 1), cat([target, SmallModel.Padding(2, 2)], 1))
        );

        Assert.All(
            plain.Encoder.Beta.Concat(plain.Decoder.Beta).Zip(padded.Encoder.Beta.Concat(padded.Decoder.Beta)),
            rows => Assert.All(rows.First.Zip(rows.Second), beta => Assert.Equal(beta.First, beta.Second, 1e-12))
        );
    }

    [Fact]
    public void For_Pre_LN_the_plot_of_the_reference_is_right()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.PreLn);

        var found = ResidualDependency.Measure(model, Patient.Input());

        Assert.Equal(found.Encoder.Deviations, found.Encoder.ReferenceDeviations);
        Assert.Equal(found.Decoder.Deviations, found.Decoder.ReferenceDeviations);
    }

    [Fact]
    public void At_initialization_Post_LN_leans_on_its_newest_branch_at_any_depth_and_Pre_LN_less_with_depth()
    {
        var (post, pre) = (AtTheStart(ResidualVariant.PostLn), AtTheStart(ResidualVariant.PreLn));

        Assert.All(post.Beta.Concat(pre.Beta), row => Assert.InRange(row.Sum(beta => beta * beta), 0.6, 1.4));
        Assert.InRange(post.Diagonal.TakeLast(12).Average(), 0.35, 0.65);
        Assert.InRange(pre.Diagonal.TakeLast(12).Average(), 0.1, 0.3);
        Assert.True(pre.Diagonal.TakeLast(12).Average() < 0.8 * pre.Diagonal.Take(12).Average());
    }

    private static StackDependency AtTheStart(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        var options = SmallModel.Options(variant) with { Dim = 64, Heads = 4, FeedForwardDim = 128 };
        using var model = new Transformer(
            options with
            {
                Encoder = options.Encoder with { Layers = 18 },
            },
            SmallModel.Words,
            padding: 1,
            seed: 3
        );
        return ResidualDependency
            .Measure(model, new ModelInput(SmallModel.Tokens(8, 12, 1), SmallModel.Tokens(8, 3, 2)))
            .Encoder;
    }
}
