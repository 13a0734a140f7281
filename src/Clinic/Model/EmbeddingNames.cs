namespace TransformerClinic.Model;

/// <summary>The names of the matrices in <see cref="Embeddings"/>: those that are shared have one name.</summary>
/// <param name="Source">The source embedding.</param>
/// <param name="Target">The target embedding.</param>
/// <param name="Output">The output projection.</param>
internal sealed record EmbeddingNames(string Source, string Target, string Output)
{
    /// <summary>The module's name in the model.</summary>
    public const string Module = "embeddings";

    /// <summary>The output projection's bias.</summary>
    public const string Bias = "output_bias";

    /// <summary>The names where matrices are shared in this way.</summary>
    public static EmbeddingNames Of(EmbeddingSharing sharing) =>
        sharing switch
        {
            EmbeddingSharing.All => new("shared", "shared", "shared"),
            EmbeddingSharing.Decoder => new("source", "target", "target"),
            EmbeddingSharing.None => new("source", "target", "output"),
            _ => throw new ArgumentOutOfRangeException(
                nameof(sharing),
                sharing,
                "This way of sharing embeddings is not known."
            ),
        };
}
