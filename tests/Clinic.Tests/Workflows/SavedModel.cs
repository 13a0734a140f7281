using TransformerClinic.Decoding;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Runs;
using TransformerClinic.Tests.Folding;
using TransformerClinic.Text;

namespace TransformerClinic.Tests.Workflows;

/// <summary>Small models with subwords of their own, as model folders.</summary>
internal static class SavedModel
{
    /// <summary>A text; its second line is empty.</summary>
    public static readonly string[] Lines =
    [
        "the old river",
        "",
        "a bird sees the quiet cat",
        "tree",
        "every old bird sees a river",
        "quiet",
    ];

    /// <summary>The subwords of the text.</summary>
    public static readonly BytePairModel Subwords = SubwordModel.Learn(
        Lines,
        new SubwordOptions { Merges = 60, MinPairCount = 1 }
    );

    /// <summary>The text as a file of pairs, each line its own translation.</summary>
    public static string Pairs => string.Concat(Lines.Select(line => $"{line}\t{line}\n"));

    /// <summary>Writes a model of <see cref="Foldable.Names"/>.</summary>
    public static void Write(string folder, string name) => Write(folder, Foldable.Options(name));

    /// <summary>Writes a model as training might leave it.</summary>
    public static void Write(string folder, ModelOptions options)
    {
        using var model = Foldable.Create(options, vocabulary: Subwords.Vocabulary.Count);
        var config = new ModelConfig(
            TrainedModel.Format,
            "de",
            "en",
            Subwords.Vocabulary.Count,
            model.Options,
            new DecodingOptions { Beam = 3 },
            Profile: null
        );
        TrainedModel.Save(folder, config, Subwords, stream => ModuleWeights.Write(stream, model));
    }
}
