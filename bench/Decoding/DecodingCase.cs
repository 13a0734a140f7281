namespace TransformerClinic.Bench.Decoding;

/// <summary>What is decoded side by side.</summary>
/// <param name="Batch">Sentences of a batch, all workers together.</param>
/// <param name="Beam">Hypotheses of each.</param>
/// <param name="Sentences">Sentences that are timed.</param>
/// <param name="Workers">Threads that share out each batch, as <c>clinic translate</c> does.</param>
internal sealed record DecodingCase(int Batch, int Beam, int Sentences, int Workers = 1)
{
    /// <summary>All that are measured; the last two have every processor, the others one.</summary>
    public static readonly IReadOnlyList<DecodingCase> All =
    [
        new(1, 1, 2),
        new(1, 5, 2),
        new(64, 1, 64),
        new(64, 5, 64),
        new(64, 1, 64, Environment.ProcessorCount),
        new(64, 5, 64, Environment.ProcessorCount),
    ];

    /// <summary>The case that its speeds are divided by: one worker.</summary>
    public DecodingCase OfOneWorker => this with { Workers = 1 };

    /// <summary>Sentences that a worker decodes at a time.</summary>
    public int PerWorker => (Batch + Workers - 1) / Workers;
}
