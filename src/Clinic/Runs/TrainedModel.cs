using TransformerClinic.Common;
using TransformerClinic.Files;
using TransformerClinic.Model;
using TransformerClinic.Runs.Certificates;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Runs;

/// <summary>
/// A model folder, <c>{model.safetensors, config.json, subwords.json}</c>: all that translating needs, and movable.
/// </summary>
internal sealed class TrainedModel : IDisposable
{
    /// <summary>Version of the folder's layout.</summary>
    public const int Format = 1;

    internal const string WeightsFile = "model.safetensors";
    internal const string ConfigFile = "config.json";
    internal const string SubwordsFile = "subwords.json";

    /// <summary>
    /// What a model folder holds; a folded model's has its certificate, too, and one that another program trained where
    /// it is from.
    /// </summary>
    internal static readonly FolderContents Contents = new(
        "a model",
        [WeightsFile, ConfigFile, SubwordsFile, FoldingCertificate.FileName, ModelOrigin.FileName],
        [WeightsFile, ConfigFile, SubwordsFile]
    );

    private TrainedModel(ModelConfig config, SubwordModel subwords, Transformer model) =>
        (Config, Subwords, Model) = (config, subwords, model);

    /// <summary>What the folder's configuration says.</summary>
    public ModelConfig Config { get; }

    /// <summary>The subword model.</summary>
    public SubwordModel Subwords { get; }

    /// <summary>The model with its weights.</summary>
    public Transformer Model { get; }

    /// <summary>Writes a model folder, whole or not at all.</summary>
    /// <param name="folder">Where to; its parent must be there.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="subwords">Its subword model.</param>
    /// <param name="writeWeights">Writes the weights in the safetensors format.</param>
    /// <param name="complete">
    /// Given a folder that holds the model but does not have its name yet: may put more files there, and says whether
    /// it is to be kept; if not, all stays as it was.
    /// </param>
    /// <exception cref="UserErrorException">The folder holds something other than a model; it is as it was.</exception>
    public static void Save(
        string folder,
        ModelConfig config,
        SubwordModel subwords,
        Action<Stream> writeWeights,
        Func<string, bool>? complete = null
    ) =>
        AtomicFolder.WriteIf(
            folder,
            Contents,
            temporary =>
            {
                using (
                    var weights = new FileStream(
                        Path.Combine(temporary, WeightsFile),
                        FileMode.CreateNew,
                        FileAccess.Write
                    )
                )
                {
                    writeWeights(weights);
                }

                Json.Write(Path.Combine(temporary, ConfigFile), config);
                subwords.Save(Path.Combine(temporary, SubwordsFile));
                return complete?.Invoke(temporary) ?? true;
            }
        );

    /// <summary>
    /// Checks that a model folder may be written to a path that the user named, and makes the folders above it.
    /// </summary>
    /// <exception cref="UserErrorException">Something other than a model is there, or a file is in the way.</exception>
    internal static void MakePlaceFor(string folder)
    {
        Contents.CheckReplaceable(folder);
        FolderPath.Create(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))!);
    }

    /// <summary>
    /// Loads a model folder; a run folder stands for the model in it, a checkpoint of a run for its weights.
    /// </summary>
    /// <exception cref="UserErrorException">There is no model, or a file of it is damaged.</exception>
    public static TrainedModel Load(string folder, Device device)
    {
        var source = ModelSource.Find(folder);
        return new TrainedModel(source.Config, source.Subwords, source.Load(device));
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
