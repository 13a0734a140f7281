using TransformerClinic.Model;
using TransformerClinic.Residuals;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Golden;

/// <summary>The shape of the reference's small models.</summary>
internal static class GoldenModel
{
    public const double LabelSmoothing = 0.1;

    /// <summary>Folders below <c>Golden/model</c>.</summary>
    public static readonly IReadOnlyList<string> Variants = ["postln", "preln", "admin", "encpost_decpre", "encpre_decpost", "postln_untied"];

    public static ModelOptions Options(string variant)
    {
        var (encoder, decoder) = variant switch
        {
            "preln" => (ResidualVariant.PreLn, ResidualVariant.PreLn),
            "admin" => (ResidualVariant.Admin, ResidualVariant.Admin),
            "encpost_decpre" => (ResidualVariant.PostLn, ResidualVariant.PreLn),
            "encpre_decpost" => (ResidualVariant.PreLn, ResidualVariant.PostLn),
            "postln" or "postln_untied" => (ResidualVariant.PostLn, ResidualVariant.PostLn),
            _ => throw new ArgumentException(variant, nameof(variant)),
        };
        return new ModelOptions
        {
            Encoder = new StackOptions { Layers = 3, Variant = encoder, FirstOmega = FirstOmega.Trainable },
            Decoder = new StackOptions { Layers = 2, Variant = decoder, FirstOmega = FirstOmega.Trainable },
            Dim = 32,
            Heads = 4,
            FeedForwardDim = 64,
            Dropout = 0,
            SharedEmbeddings = variant == "postln_untied" ? EmbeddingSharing.None : EmbeddingSharing.All,
            MaxPositions = 62,
        };
    }

    public static Transformer Load(string variant, string state, ScalarType dtype = ScalarType.Float64) =>
        ReferenceWeights.Load($"model/{variant}/{state}.weights.safetensors", Options(variant), dtype);
}
