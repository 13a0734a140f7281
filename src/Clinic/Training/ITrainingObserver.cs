using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Training;

/// <summary>Hears what happens in a training; changes nothing.</summary>
public interface ITrainingObserver
{
    /// <summary>Admin's omegas were set.</summary>
    void Profiled(AdminProfile profile);

    /// <summary>
    /// The guard against divergence met with something, and this was done about it; the state is that after it.
    /// </summary>
    void Met(Incident incident, TrainingState state);

    /// <summary>An update was made, or skipped, as the report says.</summary>
    void Updated(UpdateReport report, TrainingState state);

    /// <summary>The validation loss was measured.</summary>
    void Validated(ValidationReport report, TrainingState state);

    /// <summary>A damaged checkpoint, found on the way back to a whole one, now bears another name.</summary>
    void SetAside(string folder, string reason, string aside);

    /// <summary>
    /// A checkpoint is about to be written: training may go on from here without what was heard being heard again.
    /// </summary>
    void Saving();
}
