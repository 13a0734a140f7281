using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Training;

/// <summary>Is told what happens in a training; changes nothing.</summary>
internal interface ITrainingObserver
{
    /// <summary>Admin's omegas were set.</summary>
    void OnProfiled(AdminProfile profile);

    /// <summary>
    /// The guard against divergence encountered something and acted on it; the state is the one after that.
    /// </summary>
    void OnIncident(Incident incident, TrainingState state);

    /// <summary>An update was made, or skipped, as the report says.</summary>
    void OnUpdate(UpdateReport report, TrainingState state);

    /// <summary>The validation loss was measured.</summary>
    void OnValidation(ValidationReport report, TrainingState state);

    /// <summary>A damaged checkpoint, found on the way back to an intact one, was renamed.</summary>
    void OnSetAside(string folder, string reason, string aside);

    /// <summary>
    /// A checkpoint is about to be written: training may resume from here without reporting again what was reported.
    /// </summary>
    void OnSaving();
}
