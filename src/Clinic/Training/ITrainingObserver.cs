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

    /// <summary>A checkpoint is on the disk.</summary>
    void Saved(string checkpoint);
}
