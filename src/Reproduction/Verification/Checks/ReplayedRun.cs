using TransformerClinic.Model;
using TransformerClinic.Reproduction.Verification.Reference;
using TransformerClinic.Training.Optimizers;
using TransformerClinic.Training.Schedules;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>Trains a model like one of the reference's recorded runs: on the same batches in every update.</summary>
internal sealed class ReplayedRun : IDisposable
{
    private const int RecordedValues = 3;
    private static readonly string InputProjection =
        new SublayerAddress(StackName.Decoder, 0, SublayerKind.SelfAttention).Path + ".branch.input_projection.weight";
    private static readonly string InnerBias =
        new SublayerAddress(StackName.Encoder, 0, SublayerKind.FeedForward).Path + ".branch.inner.bias";

    private readonly Transformer _model;
    private readonly RecordedRun _run;
    private readonly IReadOnlyList<ReferenceBatch> _batches;
    private readonly double _smoothing;
    private readonly FlatParameters _parameters;
    private readonly Optimizer _optimizer;
    private readonly LearningRateSchedule _schedule;

    /// <summary>A run at its start.</summary>
    /// <param name="model">The model with its initial weights; not owned.</param>
    /// <param name="run">The record of the run.</param>
    /// <param name="batches">The batches of each update.</param>
    /// <param name="smoothing">Label smoothing.</param>
    /// <param name="updates">The number of updates.</param>
    public ReplayedRun(
        Transformer model,
        RecordedRun run,
        IReadOnlyList<ReferenceBatch> batches,
        double smoothing,
        int updates
    )
    {
        (_model, _run, _batches, _smoothing) = (model, run, batches, smoothing);
        _parameters = new FlatParameters(model);
        _optimizer = Optimizer.Create(_parameters, run.OptimizerOptions!);
        _schedule = LearningRateSchedule.Create(run.ScheduleOptions, updates);
    }

    /// <summary>Runs one update, counted from 1.</summary>
    public RecordedUpdate Update(long update)
    {
        var tokens = _batches.Sum(batch => batch.Tokens);
        _parameters.ZeroGradients();
        var loss = _batches.Sum(batch => batch.AddGradients(_model, _smoothing).Loss);
        var norm = _parameters.GradientNorm() / tokens;
        var clip = _run.Hyper.ClipNorm > 0 && norm > _run.Hyper.ClipNorm ? _run.Hyper.ClipNorm / (norm + 1e-6) : 1;
        var rate = _schedule.At(update, ScheduleState.Begin);
        _optimizer.Step(update, rate, clip / tokens);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return new RecordedUpdate(
            update,
            rate,
            loss,
            tokens,
            norm,
            _parameters.Values.to(ScalarType.Float64).norm().item<double>()
        )
        {
            InnerBias = FirstValues(InnerBias),
            InputProjection = FirstValues(InputProjection),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _parameters.Dispose();
    }

    private double[] FirstValues(string parameter) =>
        _model
            .get_parameter(parameter)!
            .flatten()
            .narrow(0, 0, RecordedValues)
            .to(ScalarType.Float64)
            .data<double>()
            .ToArray();
}
