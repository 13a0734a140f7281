using TransformerClinic.Web.Models;

namespace TransformerClinic.Web.Api;

/// <summary>The models that are loaded.</summary>
/// <param name="Models">The models by name.</param>
internal sealed record ModelList(IReadOnlyList<ModelDescription> Models)
{
    /// <summary>Why a folder's newest model could not be loaded, by name; absent if there is none.</summary>
    public IReadOnlyDictionary<string, string>? Problems { get; init; }
}

/// <summary>A loaded model.</summary>
/// <param name="Name">The name of its folder.</param>
/// <param name="Source">The language that it reads.</param>
/// <param name="Target">The language that it writes.</param>
/// <param name="WeightsHash">SHA-256 of its weights: the same hash, the same answers.</param>
/// <param name="Parameters">Numbers in its weights.</param>
/// <param name="EncoderLayers">Layers of its encoder.</param>
/// <param name="DecoderLayers">Layers of its decoder.</param>
/// <param name="Beam">Hypotheses that its search keeps unless a request says otherwise.</param>
/// <param name="LongestSentence">Subwords that a sentence may have, the end mark included.</param>
internal sealed record ModelDescription(
    string Name,
    string Source,
    string Target,
    string WeightsHash,
    long Parameters,
    int EncoderLayers,
    int DecoderLayers,
    int Beam,
    int LongestSentence
)
{
    /// <summary>The description of a model.</summary>
    public static ModelDescription Of(ServedModel model) =>
        new(
            model.Name,
            model.SourceLanguage,
            model.TargetLanguage,
            model.WeightsHash,
            model.Parameters,
            model.Shape.Encoder.Layers,
            model.Shape.Decoder.Layers,
            model.Decoding.Beam,
            model.LongestSentence
        );
}
