using TransformerClinic.Runs;

namespace TransformerClinic.Web.Models;

/// <summary>
/// What a model folder looks like from outside: one that was replaced looks different, and one that is damaged is not
/// read again until it does.
/// </summary>
/// <param name="Size">Bytes of its weights.</param>
/// <param name="Written">When they were written, in ticks.</param>
/// <param name="Configured">When its configuration was written, in ticks.</param>
internal readonly record struct ModelFolderState(long Size, long Written, long Configured)
{
    /// <summary>Looks at a folder; null if neither it nor the run in it has a model.</summary>
    public static ModelFolderState? Of(string folder) =>
        Look(folder) ?? Look(Path.Combine(folder, RunFolder.ModelName));

    private static ModelFolderState? Look(string folder)
    {
        var weights = new FileInfo(Path.Combine(folder, TrainedModel.WeightsFile));
        var configuration = new FileInfo(Path.Combine(folder, TrainedModel.ConfigFile));
        return weights.Exists && configuration.Exists
            ? new ModelFolderState(weights.Length, weights.LastWriteTimeUtc.Ticks, configuration.LastWriteTimeUtc.Ticks)
            : null;
    }
}
