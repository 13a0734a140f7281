using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Training;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Tests.Diagnosis.Findings;

public class FirstStepTests
{
    [Theory]
    [InlineData(1, 1e-3)]
    [InlineData(50, 1e-3)]
    public void Adams_is_the_learning_rate(int horizon, double expected) =>
        Assert.Equal(
            expected,
            FirstStep.Of(Options(OptimizerName.Adam, warmUp: 1) with { MaxUpdates = 100 }, horizon)!.Value,
            1e-6
        );

    [Fact]
    public void Under_warm_up_it_is_what_the_last_of_the_first_updates_reaches() =>
        Assert.Equal(0.50e-3, FirstStep.Of(Options(OptimizerName.Adam, warmUp: 100), 50)!.Value, 1e-6);

    [Fact]
    public void RAdam_takes_no_step_at_first_and_a_smaller_one_then()
    {
        var options = Options(OptimizerName.Radam, warmUp: 1);
        var sixth =
            RAdam.Factor(6, options.Optimizer.Beta1, options.Optimizer.Beta2)
            * (1 - Math.Pow(0.9, 6))
            / Math.Sqrt(1 - Math.Pow(0.98, 6));

        Assert.Equal(0, RAdam.Factor(5, options.Optimizer.Beta1, options.Optimizer.Beta2));
        Assert.Equal(1e-3 * sixth, FirstStep.Of(options, 1)!.Value, 1e-6);
        Assert.InRange(FirstStep.Of(options, 50)!.Value, 1e-3 * sixth, 9e-4);
    }

    [Fact]
    public void The_first_step_is_what_the_optimizer_makes_of_a_gradient_that_keeps_its_sign()
    {
        using var weights = TorchSharp.torch.nn.Linear(1, 1, hasBias: false);
        using var parameters = new FlatParameters(weights);
        var options = Options(OptimizerName.Radam, warmUp: 100);
        using var optimizer = Optimizer.Create(parameters, options.Optimizer);
        var schedule = LearningRateSchedule.Create(options.Schedule, options.MaxUpdates);
        var (largest, before) = (0.0, Value());
        for (var update = 1; update <= 5 + 50; update++)
        {
            parameters.Gradients.fill_(7);
            optimizer.Step(update, schedule.At(update, ScheduleState.Begin), 1);
            (largest, before) = (Math.Max(largest, Math.Abs(Value() - before)), Value());
        }

        Assert.Equal(1, FirstStep.Of(options, 50)!.Value / largest, 2e-3);
        double Value() => parameters.Values.item<float>();
    }

    [Fact]
    public void Of_stochastic_gradient_descent_it_is_not_known() =>
        Assert.Null(FirstStep.Of(Options(OptimizerName.Sgd, warmUp: 1), 50));

    private static TrainingOptions Options(OptimizerName name, int warmUp) =>
        new()
        {
            Optimizer = new OptimizerOptions { Name = name },
            Schedule = new ScheduleOptions
            {
                Name = ScheduleName.Linear,
                LearningRate = 1e-3,
                WarmUpUpdates = warmUp,
                WarmUpFrom = warmUp == 1 ? 1e-3 : 0,
            },
        };
}
