namespace TransformerClinic.Web.Documents;

/// <summary>What the store of documents takes.</summary>
internal sealed record DocumentJobLimits
{
    /// <summary>Documents at the same time, from their upload until they are fetched or too old.</summary>
    public int Documents { get; init; } = 100;

    /// <summary>Bytes of all of them and of their translations.</summary>
    public long Bytes { get; init; } = 512L << 20;

    /// <summary>Documents that are translated at the same time.</summary>
    public int AtOnce { get; init; } = 2;

    /// <summary>How long a document is kept.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);
}
