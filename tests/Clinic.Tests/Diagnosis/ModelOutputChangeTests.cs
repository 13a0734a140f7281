using TorchSharp;
using TransformerClinic.Diagnosis;
using TransformerClinic.Interop.Fairseq;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.Interop.Fairseq;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis;

public class ModelOutputChangeTests
{
    public static TheoryData<ResidualVariant> Variants => [.. Enum.GetValues<ResidualVariant>()];

    public static TheoryData<ResidualVariant> KnownToTheReference => [.. FairseqNamesTests.Known];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Matrices_embeddings_and_scales_of_branches_are_perturbed_and_nothing_else(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(variant);

        Assert.All(
            model.named_parameters(),
            entry =>
                Assert.Equal(
                    (entry.parameter.dim() == 2 && !entry.name.Contains(".residual.", StringComparison.Ordinal))
                        || entry.name.Split('.')[^1] is "alpha" or "lambda",
                    ParameterGroups.IsPerturbed(entry.name)
                )
        );
    }

    [Theory]
    [MemberData(nameof(KnownToTheReference))]
    public void The_same_parameters_are_perturbed_as_in_the_reference(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create(variant);
        string[] kept = ["bias", "layer_norm", "ratio"];

        Assert.All(
            model.named_parameters(),
            entry =>
                Assert.Equal(
                    !kept.Any(word => FairseqNames.OfParameter(entry.name).Contains(word, StringComparison.Ordinal)),
                    ParameterGroups.IsPerturbed(entry.name)
                )
        );
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_last_change_is_that_of_the_outputs_and_the_weights_stay_as_they_are(ResidualVariant variant)
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(variant);
        using var other = Patient.Perturbed(variant);
        var input = Patient.Input();
        var before = Patient.Weights(model);
        using var perturbation = WeightPerturbation.RandomSigns(model, seed: 4, step: 1e-3);

        var found = ModelOutputChange.Measure(model, input, perturbation);

        Assert.Equal(before, Patient.Weights(model));
        Assert.Equal(found.Encoder.Changes, ModelOutputChange.Measure(model, input, perturbation).Encoder.Changes);
        using var noGradient = no_grad();
        perturbation.During(
            model,
            () =>
            {
                foreach (var ((name, moved), (_, parameter)) in model.named_parameters().Zip(other.named_parameters()))
                {
                    var steps = (moved - parameter).abs();
                    Assert.Equal(ParameterGroups.IsPerturbed(name) ? 1e-3 : 0, steps.max().item<double>(), 1e-12);
                    Assert.Equal(ParameterGroups.IsPerturbed(name) ? 1e-3 : 0, steps.min().item<double>(), 1e-12);
                }
            }
        );
        Assert.Equal((4, 6), (found.Encoder.Changes.Count, found.Decoder.ReferenceInputChanges.Count));
        Assert.All(found.Encoder.Changes.Concat(found.Decoder.Changes), change => Assert.InRange(change, 1e-12, 1));
    }

    [Fact]
    public void Changes_are_mean_squares_of_standardized_states()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var model = Patient.Perturbed(ResidualVariant.Admin);
        var input = Patient.Input();
        using var perturbation = WeightPerturbation.RandomSigns(model, seed: 4);

        var found = ModelOutputChange.Measure(model, input, perturbation).Decoder;

        Tensor Last() => model.Decode(input.PreviousOutput, model.Encode(input.Source));
        var first = Last();
        var second = first;
        perturbation.During(model, () => second = Last().DetachFromDisposeScope());
        Tensor Standard(Tensor x) =>
            ((x - x.mean([-1], keepdim: true)) / x.std(-1, unbiased: true, keepdim: true))[input.PreviousOutput.ne(1)];
        Assert.Equal((first - second).square().sum().sqrt().item<double>(), found.ReferenceFinalChange, 1e-12);
        Assert.Equal((Standard(first) - Standard(second)).square().mean().item<double>(), found.Changes[^1], 1e-15);
    }

    [Fact]
    public void A_step_by_the_gradients_signs_lowers_the_loss_by_its_1_norm()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.PreLn);
        var input = Patient.Input();
        double Loss() => Patient.Loss(model.Forward(input.Source, input.PreviousOutput)).item<double>();
        Patient.Backward(model.Forward(input.Source, input.PreviousOutput));
        var slope = model
            .named_parameters()
            .Where(entry => ParameterGroups.IsPerturbed(entry.name))
            .Sum(entry => entry.parameter.grad!.abs().sum().item<double>());
        using var perturbation = WeightPerturbation.GradientSigns(model, input, Patient.Backward, step: 1e-9);

        var before = Loss();
        var after = before;
        perturbation.During(model, () => after = Loss());

        Assert.Equal(1, (before - after) / (1e-9 * slope), 1e-3);
    }

    [Fact]
    public void A_seed_decides_the_signs_and_weights_are_restored_after_a_failure()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        var before = Patient.Weights(model);
        byte[] Moved(long seed)
        {
            using var perturbation = WeightPerturbation.RandomSigns(model, seed);
            byte[] moved = [];
            Assert.Throws<TimeoutException>(() =>
                perturbation.During(
                    model,
                    () =>
                    {
                        moved = Patient.Weights(model);
                        throw new TimeoutException();
                    }
                )
            );
            return moved;
        }

        Assert.Equal(Moved(1), Moved(1));
        Assert.NotEqual(Moved(1), Moved(2));
        Assert.NotEqual(Moved(1), before);
        Assert.Equal(before, Patient.Weights(model));
    }

    [Fact]
    public void At_initialization_Post_LN_changes_more_than_Pre_LN_and_even_more_with_depth()
    {
        var (post, pre) = (AtTheStart(ResidualVariant.PostLn), AtTheStart(ResidualVariant.PreLn));

        Assert.True(post.Changes[^1] > 2 * pre.Changes[^1], $"{post.Changes[^1]} {pre.Changes[^1]}");
        Assert.True(
            post.Changes[^1] / post.Changes[9] > 1.5 * (pre.Changes[^1] / pre.Changes[9]),
            $"{post.Growth} {pre.Growth}"
        );
    }

    private static StackOutputChange AtTheStart(ResidualVariant variant)
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
        model.to(ScalarType.Float64);
        using var perturbation = WeightPerturbation.RandomSigns(model, seed: 5);
        return ModelOutputChange
            .Measure(model, new ModelInput(SmallModel.Tokens(8, 12, 1), SmallModel.Tokens(8, 3, 2)), perturbation)
            .Encoder;
    }
}
