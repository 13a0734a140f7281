using TransformerClinic.Decoding;

namespace TransformerClinic.Recipes;

/// <summary>
/// The keys of a recipe that make a run compute as the reference does, the authors' own code; docs/reference.md says
/// why each is a choice.
/// </summary>
internal static class ReferenceCompatibility
{
    /// <summary>
    /// Keys with values, as <see cref="RecipeReader.Read"/> takes them, in the order of
    /// <see cref="RecipeSchema.Keys"/>.
    /// </summary>
    public static IReadOnlyList<string> Settings { get; } =
    [
        "model.encoder.firstOmega=trainable",
        "model.decoder.firstOmega=trainable",
        "training.profiling.padding=count",
        "training.profiling.dropout=true",
        "decoding.maxLengthOf=batch",
    ];

    /// <summary>A search like the reference's in everything that <see cref="Settings"/> decide.</summary>
    public static DecodingOptions Of(DecodingOptions decoding) =>
        RecipeReader.PutOver(new Recipe { Decoding = decoding }, Settings).Decoding;
}
