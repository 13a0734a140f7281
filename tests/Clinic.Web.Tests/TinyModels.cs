using TransformerClinic.Decoding;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Runs;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Web.Tests;

/// <summary>
/// Untrained models whose distributions are peaked enough that every sentence has a translation of its own; written as
/// model folders in milliseconds.
/// </summary>
internal static class TinyModels
{
    private static readonly string[] Text =
    [
        "Wählen Sie eine Datei aus.",
        "Die Datei wurde nicht gefunden!",
        "Möchten Sie das Dokument speichern?",
        "Guten Morgen, die Welt ist schön; groß & klein.",
        "eins zwei drei vier fünf sechs sieben acht neun null",
        "Choose a file.",
        "The file was not found!",
        "Do you want to save the document?",
        "Good morning, the world is beautiful; \"quoted\" (1, 2) <b>bold</b>.",
        "one two three four five six seven eight nine zero",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz ÄÖÜäöüß 0123456789 .,:;!?-'/",
    ];

    /// <summary>The subwords of all of them.</summary>
    public static BytePairModel Subwords { get; } =
        SubwordModel.Learn(Text, new SubwordOptions { Merges = 60, MinPairCount = 1 });

    /// <summary>Writes a model folder.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="source">The language that it reads.</param>
    /// <param name="target">The language that it writes.</param>
    /// <param name="seed">Decides its weights: another seed, other translations.</param>
    public static void Write(string folder, string source = "de", string target = "en", long seed = 1)
    {
        var stack = new StackOptions { Layers = 2, Variant = ResidualVariant.PostLn };
        var options = new ModelOptions
        {
            Encoder = stack,
            Decoder = stack,
            Dim = 8,
            Heads = 2,
            FeedForwardDim = 16,
            MaxPositions = 512,
        };
        using var model = new Transformer(options, Subwords.Vocabulary.Count, Vocabulary.Pad, seed);
        using (no_grad())
        {
            model.Embeddings.Output.mul_(3);
        }

        var config = new ModelConfig(
            TrainedModel.Format,
            source,
            target,
            Subwords.Vocabulary.Count,
            model.Options,
            new DecodingOptions { Beam = 3 },
            Profile: null
        );
        TrainedModel.Save(folder, config, Subwords, stream => ModuleWeights.Write(stream, model));
    }
}
