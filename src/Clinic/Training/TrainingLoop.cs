using TransformerClinic.Common;
using TransformerClinic.Model;
using TransformerClinic.Training.Checkpoints;
using TransformerClinic.Training.Divergence;

namespace TransformerClinic.Training;

/// <summary>Trains until the end that the options set, validating and writing checkpoints on the way.</summary>
internal sealed class TrainingLoop(
    Trainer trainer,
    Transformer model,
    SharedCheckpoints checkpoints,
    TrainingOptions options,
    ITrainingObserver observer
)
{
    private long _savedAt = -1;
    private ValidationReport? _validated;

    // What ends training is reported when everything else has been.
    private Incident? _last;

    /// <summary>
    /// Trains from where the trainer is; the end is a checkpoint on the disk, unless its weights are not finite.
    /// </summary>
    public TrainingEnd Run(CancellationToken stop)
    {
        OptionCheck.Valid(options, "training");
        Begin();
        TrainingEnd? end = null;
        while (end is null)
        {
            end = EndBefore(stop) ?? Advance(stop);
        }

        return Finish(end.Value);
    }

    /// <summary>
    /// Before the first update profiles; or, with the weights of a trained model, validates these, which later
    /// validations are compared with.
    /// </summary>
    private void Begin()
    {
        if (trainer.State.Update > 0)
        {
            _savedAt = trainer.State.Update;
            Prune(); // a process that was killed may not have done it
        }
        else if (trainer.BeginsTrained)
        {
            trainer.RecordValidation(Validate());
        }
        else if (trainer.Profile() is { } profile)
        {
            observer.OnProfiled(profile);
        }
    }

    /// <summary>Why training ends before its next update, or null.</summary>
    private TrainingEnd? EndBefore(CancellationToken stop)
    {
        var state = trainer.State;
        if (trainer.Guard.IsBeyondRepair(state) is { } cause)
        {
            _last = new Incident(IncidentKind.NotFinite, state.Update + 1, cause, "", [], Treatment.Stopped);
            return TrainingEnd.Diverged;
        }

        return Plateau() is { Treatment: Treatment.Stopped } ? TrainingEnd.Stuck
            : state.Update >= options.MaxUpdates ? TrainingEnd.Finished
            : options.MaxTokens > 0 && state.TargetTokens >= options.MaxTokens ? TrainingEnd.TokenLimit
            : options.MaxMinutes > 0 && trainer.AgreedSeconds >= options.MaxMinutes * 60 ? TrainingEnd.TimeLimit
            : options.Patience > 0 && state.Best.Since >= options.Patience ? TrainingEnd.NoImprovement
            : trainer.IsToStop(stop) ? TrainingEnd.Interrupted
            : null;
    }

    /// <summary>One update and what is due after it; the end, if the guard against divergence ends training.</summary>
    private TrainingEnd? Advance(CancellationToken stop)
    {
        var report = trainer.Update(() => stop.IsCancellationRequested);
        var treatment = report.Incident is { } incident ? Treat(incident) : Treatment.Told;
        if (treatment is Treatment.RolledBack or Treatment.Stopped)
        {
            return EndAfter(treatment);
        }

        observer.OnUpdate(report, trainer.State);
        if (Plateau() is { } plateau)
        {
            observer.OnIncident(plateau, trainer.State);
        }

        var checkpointIsDue = IsDue(options.CheckpointEvery);
        if (checkpointIsDue && trainer.ExamineWeights() is { } fault)
        {
            return EndAfter(Treat(fault));
        }

        var validation = IsDue(options.ValidateEvery) ? Validate() : null;
        if (validation is not null)
        {
            trainer.RecordValidation(validation);
        }

        if (checkpointIsDue)
        {
            Save(validation, scheduled: true);
        }

        return null;
    }

    private bool IsDue(int every) => trainer.State.Update % every == 0;

    private static TrainingEnd? EndAfter(Treatment treatment) =>
        treatment == Treatment.Stopped ? TrainingEnd.Diverged : null;

    /// <summary>Does what an incident calls for.</summary>
    /// <returns>What was done.</returns>
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
            observer.OnIncident(incident, trainer.State);
        }

        return incident.Treatment;
    }

    /// <summary>
    /// Restores the newest checkpoint of the schedule and continues with the data that follow; false where there is
    /// none.
    /// </summary>
    private bool RollBack()
    {
        var (now, seconds) = (trainer.State, trainer.AgreedSeconds);
        if (!checkpoints.GoBack(trainer, model, observer.OnSetAside))
        {
            return false;
        }

        trainer.ContinueAfterRollback(now, seconds);
        _savedAt = trainer.State.Update; // from there a resumed run finds its way back here
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

    /// <summary>Saves what is not saved yet, and reports what ended training.</summary>
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
                Save(end == TrainingEnd.Interrupted ? null : FinalValidation(), scheduled: false);
            }
        }

        if (_last is not null)
        {
            observer.OnIncident(_last, trainer.State);
        }

        return end;
    }

    private ValidationReport FinalValidation() =>
        _validated is { } validated && validated.Update == trainer.State.Update ? validated : Validate();

    private ValidationReport Validate()
    {
        _validated = trainer.Validate();
        observer.OnValidation(_validated, trainer.State);
        return _validated;
    }

    private void Save(ValidationReport? validation, bool scheduled)
    {
        // What is reported must be on the disk before the place from which it will not be reported again.
        observer.OnSaving();

        // A loss that is not a number is not a candidate for the best one.
        var loss = validation is { } report && double.IsFinite(report.Loss) ? report.Loss : (double?)null;
        checkpoints.Save(trainer, model, loss, scheduled);
        Prune();
        _savedAt = trainer.State.Update;
    }

    private void Prune() => checkpoints.Prune(new Retention(options.KeepLast, options.KeepBest));
}
