namespace TransformerClinic.Reproduction.Claims;

/// <summary>A claim of the paper, or of what followed it, and the measurement that decides it.</summary>
internal abstract class Study
{
    /// <summary>What it tests and how it judges.</summary>
    public abstract StudyDescription Description { get; }

    /// <summary>Measures and judges. The same context gives the same findings, however many workers it has.</summary>
    /// <exception cref="OperationCanceledException">The context was told to stop.</exception>
    public abstract StudyFindings Run(StudyContext context);
}
