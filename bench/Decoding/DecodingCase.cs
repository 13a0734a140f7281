namespace TransformerClinic.Bench.Decoding;

/// <summary>What is decoded in parallel.</summary>
/// <param name="Batch">Sentences per batch, for all workers together.</param>
/// <param name="Beam">Hypotheses of each.</param>
/// <param name="Sentences">Sentences that are timed.</param>
/// <param name="Threads">
/// Threads that divide each batch or, where it is one sentence, its products, as <c>clinic translate</c> does.
/// </param>
internal sealed record DecodingCase(int Batch, int Beam, int Sentences, int Threads = 1)
{
    /// <summary>All cases; the last four use every processor, the others one.</summary>
    public static readonly IReadOnlyList<DecodingCase> All =
    [
        new(1, 1, 2),
        new(1, 5, 2),
        new(64, 1, 64),
        new(64, 5, 64),
        new(1, 1, 2, Environment.ProcessorCount),
        new(1, 5, 2, Environment.ProcessorCount),
        new(64, 1, 64, Environment.ProcessorCount),
        new(64, 5, 64, Environment.ProcessorCount),
    ];

    /// <summary>The case whose speeds are the divisor: one thread.</summary>
    public DecodingCase OfOneThread => this with { Threads = 1 };

    /// <summary>Threads that decode.</summary>
    public int Workers => Math.Min(Threads, Batch);

    /// <summary>Sentences that a worker decodes at a time.</summary>
    public int PerWorker => (Batch + Workers - 1) / Workers;
}
