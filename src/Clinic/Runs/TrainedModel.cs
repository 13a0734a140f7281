using TorchSharp;
using TransformerClinic.Files;
using TransformerClinic.Interop;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Runs;

/// <summary>
/// A model folder, <c>{model.safetensors, config.json, subwords.json}</c>: all that translating needs, and movable.
/// </summary>
public sealed class TrainedModel : IDisposable
{
    /// <summary>Version of the folder's layout.</summary>
    public const int Format = 1;

    private const string WeightsFile = "model.safetensors";
    private const string ConfigFile = "config.json";
    private const string SubwordsFile = "subwords.json";

    private TrainedModel(ModelConfig config, SubwordModel subwords, Transformer model) => (Config, Subwords, Model) = (config, subwords, model);

    /// <summary>What the folder's configuration says.</summary>
    public ModelConfig Config { get; }

    /// <summary>The subword model.</summary>
    public SubwordModel Subwords { get; }

    /// <summary>The model with its weights.</summary>
    public Transformer Model { get; }

    /// <summary>Writes a model folder, whole or not at all.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="subwords">Its subword model.</param>
    /// <param name="writeWeights">Writes the weights in the safetensors format.</param>
    public static void Save(string folder, ModelConfig config, SubwordModel subwords, Action<Stream> writeWeights) => AtomicFolder.Write(folder, temporary =>
    {
        using (var weights = new FileStream(Path.Combine(temporary, WeightsFile), FileMode.CreateNew, FileAccess.Write))
        {
            writeWeights(weights);
        }

        Json.Write(Path.Combine(temporary, ConfigFile), config);
        subwords.Save(Path.Combine(temporary, SubwordsFile));
    });

    /// <summary>Loads a model folder; a run folder stands for the model in it.</summary>
    /// <exception cref="UserErrorException">There is no model, or a file of it is damaged.</exception>
    public static TrainedModel Load(string folder, Device device)
    {
        var place = File.Exists(Path.Combine(folder, ConfigFile)) ? folder : Path.Combine(folder, RunFolder.ModelName);
        if (!File.Exists(Path.Combine(place, ConfigFile)))
        {
            throw new UserErrorException(
                $"{folder}: there is no model here. A model folder holds {WeightsFile}, {ConfigFile} and {SubwordsFile}; a run's is {RunFolder.ModelName}/ in its folder, written when training ends.");
        }

        var config = Json.Read<ModelConfig>(Path.Combine(place, ConfigFile));
        if (config.Format != Format)
        {
            throw new UserErrorException($"{place}: the model folder's format is {config.Format}; this version reads {Format}.");
        }

        var subwords = SubwordModel.Load(Path.Combine(place, SubwordsFile));
        if (subwords.Vocabulary.Count != config.Vocabulary)
        {
            throw new UserErrorException($"{place}: {SubwordsFile} has {subwords.Vocabulary.Count} pieces, the model {config.Vocabulary}; they do not belong together.");
        }

        var model = new Transformer(config.Model, config.Vocabulary, Vocabulary.Pad, seed: 0);
        var weightsPath = Path.Combine(place, WeightsFile);
        using (var weights = SafetensorsFile.Open(weightsPath))
        {
            ModuleWeights.Read(weights, weightsPath, model);
        }

        model.to(device);
        return new TrainedModel(config, subwords, model);
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
