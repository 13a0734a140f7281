namespace TransformerClinic.Bench.Decoding;

/// <summary>What is decoded in parallel.</summary>
/// <param name="Batch">Sentences per batch, for all workers together.</param>
/// <param name="Beam">Hypotheses of each.</param>
/// <param name="Sentences">Sentences that are timed.</param>
/// <param name="Workers">Threads that divide each batch, as <c>clinic translate</c> does.</param>
internal sealed record DecodingCase(int Batch, int Beam, int Sentences, int Workers = 1)
{
    /// <summary>All cases; the last two use every processor, the others one.</summary>
    public static readonly IReadOnlyList<DecodingCase> All =
    [
        new(1, 1, 2),
        new(1, 5, 2),
        new(64, 1, 64),
        new(64, 5, 64),
        new(64, 1, 64, Environment.ProcessorCount),
        new(64, 5, 64, Environment.ProcessorCount),
    ];

    /// <summary>The case whose speeds are the divisor: one worker.</summary>
    public DecodingCase OfOneWorker => this with { Workers = 1 };

    /// <summary>Sentences that a worker decodes at a time.</summary>
    public int PerWorker => (Batch + Workers - 1) / Workers;
}
