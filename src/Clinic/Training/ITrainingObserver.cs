namespace TransformerClinic.Training;

/// <summary>Hears what happens in a training; changes nothing.</summary>
public interface ITrainingObserver
{
    /// <summary>Admin's omegas were set.</summary>
    void Profiled(AdminProfile profile);

    /// <summary>An update was made (or skipped, as the report says).</summary>
    void Updated(UpdateReport report, TrainingState state);

    /// <summary>The validation loss was measured.</summary>
    void Validated(ValidationReport report, TrainingState state);

    /// <summary>A checkpoint is about to be written: training may go on from here without what was heard being heard again.</summary>
    void Saving();
}
