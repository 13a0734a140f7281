using TransformerClinic.Training.Divergence;
using TransformerClinic.Training.Profiling;

namespace TransformerClinic.Training;

/// <summary>Tells nobody: for processes of a group whose first one tells it all.</summary>
internal sealed class SilentObserver : ITrainingObserver
{
    /// <inheritdoc/>
    public void OnProfiled(AdminProfile profile) { }

    /// <inheritdoc/>
    public void OnIncident(Incident incident, TrainingState state) { }

    /// <inheritdoc/>
    public void OnUpdate(UpdateReport report, TrainingState state) { }

    /// <inheritdoc/>
    public void OnValidation(ValidationReport report, TrainingState state) { }

    /// <inheritdoc/>
    public void OnSetAside(string folder, string reason, string aside) { }

    /// <inheritdoc/>
    public void OnSaving() { }
}
