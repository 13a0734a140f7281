using TransformerClinic.Common;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Optimizers;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Training.Optimizers;

public class OptimizerTests
{
    [Theory]
    [InlineData(0.98)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    public void Radam_takes_no_step_in_its_first_five_updates_but_decays(double beta2)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        using var parameters = new FlatParameters(model);
        using var optimizer = Optimizer.Create(parameters, new OptimizerOptions { Beta2 = beta2, WeightDecay = 0.1 });
        parameters.Gradients.fill_(1);
        for (var update = 1; update <= 6; update++)
        {
            var before = parameters.Values.clone();
            optimizer.Step(update, learningRate: 0.01, gradientScale: 1);
            var change = (parameters.Values - (before * 0.999)).abs().max().item<float>();
            Assert.Equal(update > 5, change > 1e-4);
        }
    }

    [Theory]
    [InlineData(OptimizerName.Radam)]
    [InlineData(OptimizerName.Adam)]
    [InlineData(OptimizerName.Sgd)]
    public void The_step_is_proportional_to_the_learning_rate(OptimizerName name)
    {
        double Moved(double rate)
        {
            using var scope = NewDisposeScope();
            using var model = SmallModel.Create();
            using var parameters = new FlatParameters(model);
            using var optimizer = Optimizer.Create(parameters, new OptimizerOptions { Name = name });
            parameters.Values.zero_();
            parameters.Gradients.fill_(0.5);
            optimizer.Step(20, rate, gradientScale: 1);
            return parameters.Values[0].to(ScalarType.Float64).item<double>();
        }

        Assert.True(Moved(1e-3) < 0);
        Assert.Equal(10 * Moved(1e-3), Moved(1e-2), 1e-6 * Math.Abs(Moved(1e-2)));
    }

    [Fact]
    public void Adams_first_step_has_the_length_of_the_learning_rate()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        using var parameters = new FlatParameters(model);
        using var optimizer = Optimizer.Create(parameters, new OptimizerOptions { Name = OptimizerName.Adam });
        parameters.Values.zero_();
        parameters.Gradients.fill_(-3);
        optimizer.Step(1, learningRate: 0.01, gradientScale: 0.5);
        Assert.All(parameters.Values.data<float>(), value => Assert.Equal(0.01f, value, 1e-7f));
    }

    [Fact]
    public void Momentum_carries_gradients_and_coupled_weight_decay_on()
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        using var parameters = new FlatParameters(model);
        using var optimizer = Optimizer.Create(
            parameters,
            new OptimizerOptions
            {
                Name = OptimizerName.Sgd,
                Momentum = 0.9,
                WeightDecay = 0.1,
            }
        );
        parameters.Values.fill_(1);
        parameters.Gradients.fill_(4);
        var (p, buffer) = (1.0, 0.0);
        for (var update = 1; update <= 3; update++)
        {
            buffer = (0.9 * buffer) + (4 * 0.25) + (0.1 * p);
            p -= 0.01 * buffer;
            optimizer.Step(update, learningRate: 0.01, gradientScale: 0.25);
            Assert.All(parameters.Values.data<float>(), value => Assert.Equal(p, value, 1e-6));
            Assert.All(optimizer.State.Single().Values.data<float>(), value => Assert.Equal(buffer, value, 1e-6));
        }
    }

    [Theory]
    [InlineData(OptimizerName.Radam, 0, "first_moment second_moment")]
    [InlineData(OptimizerName.Adam, 0, "first_moment second_moment")]
    [InlineData(OptimizerName.Sgd, 0.9, "momentum")]
    [InlineData(OptimizerName.Sgd, 0, "")]
    public void An_optimizer_remembers_only_what_it_needs(OptimizerName name, double momentum, string state)
    {
        using var scope = NewDisposeScope();
        using var model = SmallModel.Create();
        using var parameters = new FlatParameters(model);
        using var optimizer = Optimizer.Create(parameters, new OptimizerOptions { Name = name, Momentum = momentum });
        Assert.Equal(state, string.Join(' ', optimizer.State.Select(entry => entry.Name)));
        Assert.All(optimizer.State, entry => Assert.Equal(0, entry.Values.abs().max().item<float>()));
    }

    [Fact]
    public void An_unknown_optimizer_is_refused()
    {
        using var model = SmallModel.Create();
        using var parameters = new FlatParameters(model);
        Assert.Equal(
            "training.optimizer.name is '99'; it must be one of radam, adam, sgd.",
            Assert
                .Throws<UserErrorException>(() =>
                    Optimizer.Create(parameters, new OptimizerOptions { Name = (OptimizerName)99 })
                )
                .Message
        );
    }
}
