namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary><c>optim/manifest.json</c>; the paths in it start at <c>optim/</c>.</summary>
internal sealed record OptimizerManifest(
    string Batch,
    string Batch2,
    string InitialWeights,
    IReadOnlyDictionary<string, RecordedRun> Runs
)
{
    /// <summary>Name of the manifest.</summary>
    public const string Name = Folder + "/manifest.json";

    /// <summary>Where it is.</summary>
    public const string Folder = "optim";
}
