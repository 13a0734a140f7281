using TransformerClinic.Interop.HuggingFace;
using TransformerClinic.Model;
using TransformerClinic.Residuals;
using TransformerClinic.Text;
using static TorchSharp.torch;
using Transformer = TransformerClinic.Model.Transformer;

namespace TransformerClinic.Tests.Interop.HuggingFace;

/// <summary>
/// The models whose exports the classes of Python's <c>transformers</c> have read (<c>recorded/README.md</c>). Every
/// machine gives them the same weights: no random numbers of a library, no function that rounds.
/// </summary>
internal static class ReadModels
{
    public const int Words = 24;

    /// <summary>Their names, which are those of the recorded files.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "marian",
        "marian-separate",
        "marian-options",
        "m2m100",
        "fsmt",
        "fsmt-separate",
    ];

    /// <summary>The class that a model is written for.</summary>
    public static HuggingFaceClass Class(string name) =>
        Enum.Parse<HuggingFaceClass>(name.Split('-')[0], ignoreCase: true);

    public static Transformer Create(string name)
    {
        using var noGradient = no_grad();
        var model = new Transformer(Options(name), Words, Vocabulary.Pad, seed: 1);
        var state = 1u;
        foreach (var (key, parameter) in model.named_parameters())
        {
            var isGain = parameter.dim() == 1 && key.EndsWith("weight", StringComparison.Ordinal);
            var scale =
                parameter.dim() == 1 ? 1f
                : key.StartsWith("embeddings", StringComparison.Ordinal) ? 0.25f
                : 4f;
            var values = new float[parameter.numel()];
            for (var i = 0; i < values.Length; i++)
            {
                state = unchecked((state * 1664525u) + 1013904223u);
                values[i] = (scale * ((state >> 16) - 32768f) / 65536f) + (isGain ? 1 : 0);
            }

            parameter.copy_(tensor(values).view(parameter.shape));
        }

        if (model.Options.ZeroStart)
        {
            model.Embeddings.Target[Vocabulary.Pad].zero_();
        }

        return model;
    }

    private static ModelOptions Options(string name)
    {
        var variant = Class(name) == HuggingFaceClass.M2m100 ? ResidualVariant.PreLn : ResidualVariant.PostLn;
        var plain = new ModelOptions
        {
            Encoder = new StackOptions { Layers = 2, Variant = variant },
            Decoder = new StackOptions { Layers = 1, Variant = variant },
            Dim = 16,
            Heads = 2,
            FeedForwardDim = 24,
            MaxPositions = 20,
        };
        return name.EndsWith("-separate", StringComparison.Ordinal)
                ? plain with
                {
                    SharedEmbeddings = EmbeddingSharing.Decoder,
                    Activation = Activation.Gelu,
                }
            : name.EndsWith("-options", StringComparison.Ordinal)
                ? plain with
                {
                    Activation = Activation.Swish,
                    OutputBias = true,
                    ZeroStart = true,
                    Positions = PositionFormula.Marian,
                }
            : plain;
    }
}
