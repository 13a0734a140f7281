namespace TransformerClinic.Runs.Certificates;

/// <summary>Sentences cut into subwords by a model and by its export.</summary>
/// <param name="Client">Who cut for the export.</param>
/// <param name="Sentences">Sentences, of both languages.</param>
/// <param name="Identical">Those that have the same ids.</param>
/// <param name="Differing">The others.</param>
internal sealed record ExportedSubwords(
    string Client,
    int Sentences,
    int Identical,
    IReadOnlyList<DifferingSubwords> Differing
);

/// <summary>A sentence that a model and its export cut differently.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Reason">Why that is so by the target's nature, in words; null if it is a fault.</param>
internal sealed record DifferingSubwords(string Text, string? Reason);
