using TransformerClinic.Data;
using TransformerClinic.Diagnosis;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Tests.TestSupport;
using TransformerClinic.Training;
using TransformerClinic.Training.Distributed;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Diagnosis.Findings;

public class PredictionRuleTests
{
    private static readonly TrainingOptions Adam = new()
    {
        Optimizer = new OptimizerOptions { Name = OptimizerName.Adam },
    };

    [Fact]
    public void Amplification_is_the_change_over_the_square_of_any_small_step_and_weights_stay()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.Admin);
        using var probe = new Probe(Reversal.Batch(8, seed: 1), smoothing: 0.1);
        var before = Patient.Weights(model);

        using var perturbation = WeightPerturbation.GradientSigns(model, probe.Input, probe.Backward, step: 5e-6);
        var change = ModelOutputChange.Measure(model, probe.Input, perturbation).Encoder.Changes[^1];
        Assert.Equal(1, change / (5e-6 * 5e-6) / TrainingSigns.AmplificationOf(model, probe), 1e-2);
        Assert.Equal(before, Patient.Weights(model));
    }

    [Fact]
    public void It_foresees_the_first_update_that_Adam_makes()
    {
        using var scope = NewDisposeScope();
        var options = Adam with
        {
            LabelSmoothing = 0,
            Schedule = new ScheduleOptions
            {
                LearningRate = 1e-5,
                WarmUpFrom = 1e-5,
                WarmUpUpdates = 100,
            },
        };
        using var replicas = new ModelReplicas(
            () =>
                SmallModel.Create(
                    SmallModel.Options(ResidualVariant.PreLn) with
                    {
                        Dropout = 0,
                        AttentionDropout = 0,
                        ActivationDropout = 0,
                    }
                ),
            workers: 1,
            CPU
        );
        var examples = Reversal.Examples(8, seed: 1);
        var batches = new TokenBatches(examples, 1000);
        using var trainer = new Trainer(replicas, batches, batches, options, seed: 1);
        using var probe = new Probe(Reversal.Batch(8, seed: 1), smoothing: 0);
        var predicted = new PredictionRule(1, 1, 1, 0, 0).Predict(replicas.Model, probe, options)!;
        using var drift = new OutputDrift(DiagnosedPass.Of(replicas.Model, probe.Input));

        trainer.Update();

        // Biases and normalisations move, too, which the prediction leaves out.
        Assert.InRange(drift.Measure()["encoder"][^1] / predicted.OutputChange, 0.8, 1.6);
    }

    [Fact]
    public void A_rule_says_no_above_its_limit_and_nothing_of_stochastic_gradient_descent()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.PreLn);
        using var probe = new Probe(Reversal.Batch(8, seed: 1), smoothing: 0.1);
        PredictionRule Rule(double limit) => new(50, 0, limit, 0, 0);
        var change = Rule(1).Predict(model, probe, Adam)!.OutputChange;
        TrainingPrediction Under(double limit) => Rule(limit).Predict(model, probe, Adam)!;

        Assert.Equal((true, false), (Under(5 * change).Trains, Under(5 * change).Close));
        Assert.Equal((true, true), (Under(1.5 * change).Trains, Under(1.5 * change).Close));
        Assert.Equal((false, true), (Under(change / 1.5).Trains, Under(change / 1.5).Close));
        Assert.Equal((false, false), (Under(change / 5).Trains, Under(change / 5).Close));
        Assert.Null(
            Rule(1).Predict(model, probe, Adam with { Optimizer = new OptimizerOptions { Name = OptimizerName.Sgd } })
        );
    }

    [Theory]
    [InlineData(ResidualVariant.PostLn, 1)]
    [InlineData(ResidualVariant.Admin, 1)]
    [InlineData(ResidualVariant.DeepNorm, 1)]
    [InlineData(ResidualVariant.PreLn, 2)]
    [InlineData(ResidualVariant.Rezero, 2)]
    public void The_encoders_variant_decides_the_limit(ResidualVariant variant, double expected) =>
        Assert.Equal(
            expected,
            new PredictionRule(50, 1, 2, 1, 1).LimitOf(
                new TrainingSigns(1e-3, 1e-3, 7, 0),
                new StackOptions { Variant = variant }
            )
        );

    [Fact]
    public void A_warm_up_raises_the_limit_only_so_far_and_tokens_that_are_alike_lower_it()
    {
        var rule = new PredictionRule(20, 4, 23, WarmUpPower: 1.5, SimilarityPower: 0.5);
        double Limit(double first, double similarity) =>
            rule.LimitOf(
                new TrainingSigns(first, 1e-3, 7, similarity),
                new StackOptions { Variant = ResidualVariant.PostLn }
            );

        Assert.Equal(4 * Math.Pow(4, 1.5), Limit(0.5e-3, 0), 1e-9);
        Assert.Equal(Limit(1e-5, 0), Limit(1e-6, 0), 1e-9);
        Assert.Equal(4 * Math.Pow(PredictionRule.MostWarmUp, 1.5), Limit(1e-6, 0), 1e-9);
        Assert.Equal(4 * Math.Sqrt(0.04), Limit(1e-3, 0.96), 1e-9);
        Assert.Equal(Limit(1e-3, 1), Limit(1e-3, 1 - 1e-9), 1e-12);
        Assert.Equal(4, Limit(1e-3, double.NaN));
    }

    [Fact]
    public void The_tolerable_step_is_the_one_at_the_limit()
    {
        var rule = PredictionRule.Fitted;
        var stack = new StackOptions { Variant = ResidualVariant.PostLn };
        var prediction = rule.Predict(new TrainingSigns(1e-4, 2e-3, 3e7, 0.9), stack);
        var scale = prediction.TolerableStep / prediction.Step;

        var there = rule.Predict(new TrainingSigns(1e-4 * scale, 2e-3 * scale, 3e7, 0.9), stack);

        Assert.Equal(1, there.OutputChange / there.Limit, 1e-9);
    }

    [Fact]
    public void The_peak_of_the_schedule_counts_and_not_only_the_first_updates()
    {
        using var scope = NewDisposeScope();
        using var model = Patient.Perturbed(ResidualVariant.PostLn);
        using var probe = new Probe(Reversal.Batch(8, seed: 1), smoothing: 0.1);
        var options = Adam with
        {
            MaxUpdates = 1000,
            Schedule = new ScheduleOptions
            {
                LearningRate = 1e-3,
                WarmUpFrom = 0,
                WarmUpUpdates = 100,
            },
        };

        // The first update has the rate 0 and does not count.
        var signs = TrainingSigns.Of(model, probe, options, horizon: 20)!;

        Assert.Equal((0.2e-3, 1e-3), (Math.Round(signs.FirstStep, 12), Math.Round(signs.PeakStep, 12)));
        Assert.Equal(
            signs.Amplification * 1e-6,
            PredictionRule.Fitted.Predict(model, probe, options)!.OutputChange,
            1e-9 * signs.Amplification
        );
    }
}
