using System.Globalization;
using System.Text.Json.Serialization;
using TransformerClinic.Common;
using TransformerClinic.Training;
using TransformerClinic.Training.Schedules;

namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary>A short training on the same batch in every update.</summary>
internal sealed record RecordedRun(
    string Variant,
    string Optimizer,
    int MicroBatchesPerUpdate,
    RecordedHyperparameters Hyper
)
{
    /// <summary>Every update in float64.</summary>
    [JsonPropertyName("steps_float64run")]
    public IReadOnlyList<RecordedUpdate>? StepsInFloat64 { get; init; }

    /// <summary>Every update in float32.</summary>
    [JsonPropertyName("steps_float32run")]
    public IReadOnlyList<RecordedUpdate>? StepsInFloat32 { get; init; }

    /// <summary>Our options for the run's optimizer; null if it is not implemented yet.</summary>
    public OptimizerOptions? OptimizerOptions =>
        Optimizer switch
        {
            "radam" => Moments(OptimizerName.Radam),
            "adam" => Moments(OptimizerName.Adam),
            "sgd" => new OptimizerOptions
            {
                Name = OptimizerName.Sgd,
                Momentum = Hyper.Momentum,
                WeightDecay = Hyper.WeightDecay,
            },
            _ => null,
        };

    /// <summary>Our options for the run's learning rate.</summary>
    public ScheduleOptions ScheduleOptions =>
        new()
        {
            LearningRate = Hyper.Lr is [var rate, ..]
                ? rate
                : throw new UserErrorException($"{OptimizerManifest.Name}: a run has no learning rate (hyper.lr)."),
            WarmUpUpdates = Hyper.WarmupUpdates,
            WarmUpFrom = Hyper.WarmupInitLr,
        };

    private OptimizerOptions Moments(OptimizerName name)
    {
        var betas = Hyper.AdamBetas.Trim('(', ')').Split(',');
        return
            betas.Length == 2
            && double.TryParse(betas[0], CultureInfo.InvariantCulture, out var beta1)
            && double.TryParse(betas[1], CultureInfo.InvariantCulture, out var beta2)
            ? new OptimizerOptions
            {
                Name = name,
                Beta1 = beta1,
                Beta2 = beta2,
                Epsilon = Hyper.AdamEps,
                WeightDecay = Hyper.WeightDecay,
            }
            : throw new UserErrorException(
                $"{OptimizerManifest.Name}: adam_betas is '{Hyper.AdamBetas}', but two numbers such as (0.9,0.98) are "
                    + "needed."
            );
    }
}

/// <summary>The constants of a run.</summary>
internal sealed record RecordedHyperparameters(
    IReadOnlyList<double> Lr,
    int WarmupUpdates,
    double WarmupInitLr,
    double ClipNorm,
    double WeightDecay
)
{
    /// <summary>The decays of Adam's moments, <c>(0.9,0.98)</c>.</summary>
    public string AdamBetas { get; init; } = "(0.9,0.98)";

    /// <summary>Adam's epsilon.</summary>
    public double AdamEps { get; init; } = 1e-8;

    /// <summary>Momentum of SGD.</summary>
    public double Momentum { get; init; }
}

/// <summary>The record of one update: losses and norms before it, parameters after it.</summary>
internal sealed record RecordedUpdate(
    long Update,
    double Lr,
    double LossSum,
    int SampleSize,
    double GradNormBeforeClip,
    double ParamL2After
)
{
    /// <summary>The first values of the first encoder layer's inner bias.</summary>
    [JsonPropertyName("fc1_bias0_3_after")]
    public IReadOnlyList<double>? InnerBias { get; init; }

    /// <summary>The first values of the first decoder layer's projection of queries.</summary>
    [JsonPropertyName("in_proj_0_0_3_after")]
    public IReadOnlyList<double>? InputProjection { get; init; }
}
