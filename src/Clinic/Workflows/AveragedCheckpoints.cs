namespace TransformerClinic.Workflows;

/// <summary>Which checkpoints were averaged.</summary>
/// <param name="Asked">How many were to be.</param>
/// <param name="Folders">Those that were, newest first: all that the run has, if it has no more.</param>
public sealed record AveragedCheckpoints(int Asked, IReadOnlyList<string> Folders)
{
    /// <summary>Whether the run has fewer than were asked for.</summary>
    public bool AreFewer => Folders.Count < Asked;
}
