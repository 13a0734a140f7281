using TransformerClinic.Model;

namespace TransformerClinic.Training;

/// <summary>Trains until the end that the options set, validating and writing checkpoints on the way.</summary>
public sealed class TrainingLoop(Trainer trainer, Transformer model, CheckpointStore checkpoints, TrainingOptions options, ITrainingObserver observer)
{
    // One bad batch gives one skipped update; a model that is lost gives them without end.
    private const int SkippedUpdatesThatMeanDivergence = 20;

    private long _savedAt = -1;

    /// <summary>Trains on from where the trainer stands; the end is always a checkpoint on the disk.</summary>
    public TrainingEnd Run(CancellationToken stop)
    {
        if (trainer.State.Update == 0)
        {
            if (trainer.Profile() is { } profile)
            {
                observer.Profiled(profile);
            }
        }
        else
        {
            _savedAt = trainer.State.Update;
            Prune(); // a process that was killed may not have come to it
        }

        while (true)
        {
            if (EndNow(stop) is { } end)
            {
                Finish(end);
                return end;
            }

            observer.Updated(trainer.Update(), trainer.State);
            var update = trainer.State.Update;
            var validation = update % options.ValidateEvery == 0 ? Validate() : null;
            if (update % options.CheckpointEvery == 0)
            {
                Save(validation, scheduled: true);
            }
        }
    }

    private TrainingEnd? EndNow(CancellationToken stop)
    {
        var state = trainer.State;
        return state.SkippedInARow >= SkippedUpdatesThatMeanDivergence ? TrainingEnd.Diverged
            : state.Update >= options.MaxUpdates ? TrainingEnd.Finished
            : options.MaxMinutes > 0 && state.Seconds >= options.MaxMinutes * 60 ? TrainingEnd.TimeLimit
            : stop.IsCancellationRequested ? TrainingEnd.Interrupted
            : null;
    }

    private void Finish(TrainingEnd end)
    {
        if (_savedAt != trainer.State.Update && trainer.State.Update > 0)
        {
            Save(end == TrainingEnd.Interrupted ? null : Validate(), scheduled: false);
        }
    }

    private ValidationReport Validate()
    {
        var report = trainer.Validate();
        observer.Validated(report, trainer.State);
        return report;
    }

    private void Save(ValidationReport? validation, bool scheduled)
    {
        // What is told must be on the disk before the place from which it will not be told again.
        observer.Saving();

        // A loss that is not a number is no candidate for the best one.
        checkpoints.Save(trainer, model, validation is { } report && double.IsFinite(report.Loss) ? report.Loss : null, scheduled);
        Prune();
        _savedAt = trainer.State.Update;
    }

    private void Prune() => checkpoints.Prune(options.KeepLast, options.KeepBest);
}
