using TransformerClinic.Model;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Divergence;

namespace TransformerClinic.Training;

/// <summary>Trains until the end that the options set, validating and writing checkpoints on the way.</summary>
public sealed class TrainingLoop(
    Trainer trainer,
    Transformer model,
    CheckpointStore checkpoints,
    TrainingOptions options,
    ITrainingObserver observer
)
{
    private long _savedAt = -1;
    private Incident? _last;
    private ValidationReport? _validated;

    /// <summary>
    /// Trains on from where the trainer stands; the end is a checkpoint on the disk, unless its weights were not
    /// finite.
    /// </summary>
    public TrainingEnd Run(CancellationToken stop)
    {
        if (trainer.State.Update == 0)
        {
            Begin();
        }
        else
        {
            _savedAt = trainer.State.Update;
            Prune(); // a process that was killed may not have come to it
        }

        while (true)
        {
            if ((EndNow(stop) ?? Advance()) is { } end)
            {
                return Finish(end);
            }
        }
    }

    /// <summary>
    /// Profiles; or, with the weights of a trained model, validates these, which later validations are compared with.
    /// </summary>
    private void Begin()
    {
        if (trainer.BeginsTrained)
        {
            trainer.Remember(Validate());
        }
        else if (trainer.Profile() is { } profile)
        {
            observer.Profiled(profile);
        }
    }

    private TrainingEnd? EndNow(CancellationToken stop)
    {
        var state = trainer.State;
        if (trainer.Guard.Lost(state) is { } cause)
        {
            _last = new Incident(IncidentKind.NotFinite, state.Update + 1, cause, "", [], Treatment.Stopped);
            return TrainingEnd.Diverged;
        }

        return Plateau() is { Treatment: Treatment.Stopped } ? TrainingEnd.Stuck
            : state.Update >= options.MaxUpdates ? TrainingEnd.Finished
            : options.MaxMinutes > 0 && state.Seconds >= options.MaxMinutes * 60 ? TrainingEnd.TimeLimit
            : options.Patience > 0 && state.Best.Since >= options.Patience ? TrainingEnd.NoImprovement
            : stop.IsCancellationRequested ? TrainingEnd.Interrupted
            : null;
    }

    /// <summary>One update and what is due after it; the end, if the guard against divergence ends training.</summary>
    private TrainingEnd? Advance()
    {
        var report = trainer.Update();
        var treatment = report.Incident is { } incident ? Treat(incident) : Treatment.Told;
        if (treatment is Treatment.RolledBack or Treatment.Stopped)
        {
            return EndAfter(treatment);
        }

        observer.Updated(report, trainer.State);
        if (Plateau() is { } plateau)
        {
            observer.Met(plateau, trainer.State);
        }

        var update = trainer.State.Update;
        var checkpointIsDue = update % options.CheckpointEvery == 0;
        if (checkpointIsDue && trainer.ExamineWeights() is { } fault)
        {
            return EndAfter(Treat(fault));
        }

        var validation = update % options.ValidateEvery == 0 ? Validate() : null;
        if (validation is not null)
        {
            trainer.Remember(validation);
        }

        if (checkpointIsDue)
        {
            Save(validation, scheduled: true);
        }

        return null;
    }

    private static TrainingEnd? EndAfter(Treatment treatment) =>
        treatment == Treatment.Stopped ? TrainingEnd.Diverged : null;

    /// <summary>Does what is to be done about an incident. What ends training is told of when all else is.</summary>
    private Treatment Treat(Incident incident)
    {
        if (incident.Treatment == Treatment.RolledBack && !RollBack())
        {
            incident = incident with
            {
                Cause = $"{incident.Cause} (and there is no checkpoint yet to go back to)",
                Treatment = incident.Kind == IncidentKind.Weights ? Treatment.Stopped : Treatment.Skipped,
            };
        }

        if (incident.Treatment == Treatment.Stopped)
        {
            _last = incident;
        }
        else
        {
            observer.Met(incident, trainer.State);
        }

        return incident.Treatment;
    }

    /// <summary>
    /// Puts the newest checkpoint of the schedule back and goes on with the data that follow; false where there is
    /// none.
    /// </summary>
    private bool RollBack()
    {
        var now = trainer.State;
        if (checkpoints.GoBack(trainer, model, observer.SetAside) is not { } checkpoint)
        {
            return false;
        }

        trainer.GoOnWithDataOf(now);
        _savedAt = checkpoint.Update; // from there the way back here is found again
        return true;
    }

    private Incident? Plateau()
    {
        var state = trainer.State;
        return trainer.Guard.Plateau(state) is { } cause
            ? new Incident(
                IncidentKind.Plateau,
                state.Update,
                cause,
                "",
                [],
                trainer.Guard.Treat(IncidentKind.Plateau, state)
            )
            : null;
    }

    private TrainingEnd Finish(TrainingEnd end)
    {
        if (_savedAt != trainer.State.Update && trainer.State.Update > 0)
        {
            if (trainer.ExamineWeights() is { } fault)
            {
                _last ??= fault with { Treatment = Treatment.Stopped };
                end = end == TrainingEnd.Interrupted ? end : TrainingEnd.Diverged;
            }
            else
            {
                Save(
                    end == TrainingEnd.Interrupted ? null
                        : _validated?.Update == trainer.State.Update ? _validated
                        : Validate(),
                    scheduled: false
                );
            }
        }

        if (_last is not null)
        {
            observer.Met(_last, trainer.State);
        }

        return end;
    }

    private ValidationReport Validate()
    {
        _validated = trainer.Validate();
        observer.Validated(_validated, trainer.State);
        return _validated;
    }

    private void Save(ValidationReport? validation, bool scheduled)
    {
        // What is told must be on the disk before the place from which it will not be told again.
        observer.Saving();

        // A loss that is not a number is no candidate for the best one.
        checkpoints.Save(
            trainer,
            model,
            validation is { } report && double.IsFinite(report.Loss) ? report.Loss : null,
            scheduled
        );
        Prune();
        _savedAt = trainer.State.Update;
    }

    private void Prune() => checkpoints.Prune(new Retention(options.KeepLast, options.KeepBest));
}
