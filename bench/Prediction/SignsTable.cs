using TorchSharp;
using TransformerClinic.Data;
using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Reproduction.SmallTrainings;
using TransformerClinic.Training;
using TransformerClinic.Training.Profiling;
using static TorchSharp.torch;

namespace TransformerClinic.Bench.Prediction;

/// <summary>
/// The signs of small trainings before their first update. Trainings that differ only in rate and schedule share a
/// model, which is measured once.
/// </summary>
internal sealed class SignsTable(TaskTexts texts)
{
    private readonly Dictionary<SmallTraining, TrainingSigns> _measured = [];

    /// <summary>Of one training.</summary>
    public TrainingSigns Of(SmallTraining training)
    {
        var (options, horizon) = (training.Training, PredictionRule.Fitted.Horizon);
        var shared = training with
        {
            Training = new TrainingOptions
            {
                TokensPerBatch = options.TokensPerBatch,
                Profiling = options.Profiling,
                LabelSmoothing = options.LabelSmoothing,
                Optimizer = new OptimizerOptions { Name = OptimizerName.Adam },
            },
        };
        if (!_measured.TryGetValue(shared, out var measured))
        {
            _measured[shared] = measured = Measure(shared);
        }

        return measured with
        {
            FirstStep = FirstStep.Of(options, horizon)!.Value,
            PeakStep = FirstStep.Of(options, options.MaxUpdates)!.Value,
        };
    }

    private TrainingSigns Measure(SmallTraining training)
    {
        var text = texts.Of(training.Text);
        using var model = new Transformer(training.Model, text.Vocabulary, Text.Vocabulary.Pad, training.Seed);
        var batch = new BatchCursor(
            new TokenBatches(text.Train, training.Training.TokensPerBatch),
            training.Seed
        ).Next();
        ModelProfiling.Run(model, [batch], training.Training.Profiling, training.Seed, CPU);
        model.to(ScalarType.Float64);
        using var probe = new Probe(batch, training.Training.LabelSmoothing);
        return TrainingSigns.Of(model, probe, training.Training, PredictionRule.Fitted.Horizon)!;
    }
}
