namespace TransformerClinic.Reproduction.Verification.Reference;

/// <summary><c>optim/manifest.json</c>; the paths in it begin at <c>optim/</c>.</summary>
internal sealed record OptimizerManifest(
    string Batch,
    string Batch2,
    string InitialWeights,
    IReadOnlyDictionary<string, RecordedRun> Runs
)
{
    /// <summary>Name of the manifest.</summary>
    public const string Name = Folder + "/manifest.json";

    /// <summary>Where it lies.</summary>
    public const string Folder = "optim";
}
