using TorchSharp;
using TransformerClinic.Diagnosis;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis;

/// <summary>
/// Runs alone: a third-party model draws its dropout from torch's random numbers, which the process has once.
/// </summary>
[Collection(nameof(Alone))]
public class ObservedTrainingTests
{
    // Not TorchSharp's optimizers: they make scalars that a collection can take while libtorch reads them.
    private static readonly Scalar Step = -0.1;

    [Fact]
    public void Measuring_after_every_update_changes_no_bit_of_the_losses()
    {
        var plain = Losses((_, _, _) => { });
        var measured = Losses(
            (model, batch, target) =>
            {
                var pass = new DiagnosedPass(model, () => model.forward(batch));
                StackDependency.Measure(pass);
                ModelActivity.Measure([pass]);
                GradientBalance.Measure(pass, output => nn.functional.mse_loss(output, target).backward());
                using var perturbation = WeightPerturbation.RandomSigns(
                    model,
                    seed: 1,
                    moves: name => name.EndsWith("weight", StringComparison.Ordinal)
                );
                StackOutputChange.Measure(pass, perturbation);
            }
        );

        Assert.Equal(plain, measured);
        Assert.True(plain[^1] < plain[0]);
        Assert.Equal(plain.Count, plain.Distinct().Count());
    }

    private static List<float> Losses(Action<Perceptron, Tensor, Tensor> measure)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using var model = new Perceptron(dim: 6, depth: 4);
        var (batch, target) = (randn(32, 6), randn(32, 6));
        AdminProfiler.Run(model, () => model.forward(batch));
        var losses = new List<float>();
        for (var update = 0; update < 12; update++)
        {
            model.zero_grad();
            var loss = nn.functional.mse_loss(model.forward(batch), target);
            loss.backward();
            Descend(model);
            losses.Add(loss.item<float>());
            measure(model, batch, target);
        }

        return losses;
    }

    private static void Descend(nn.Module model)
    {
        using var noGradient = no_grad();
        foreach (var parameter in model.parameters())
        {
            parameter.add_(parameter.grad!, Step);
        }
    }
}
