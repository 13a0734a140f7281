using TransformerClinic.Data;

namespace TransformerClinic.Bench.Adaptation;

/// <summary>What a fine-tuning trains on, and for how long.</summary>
/// <param name="Name">The name of its run folders.</param>
/// <param name="Words">Its name in the table.</param>
/// <param name="Updates">Updates.</param>
/// <param name="Pairs">The training pairs that a seed draws.</param>
internal sealed record AdaptationPlan(
    string Name,
    string Words,
    int Updates,
    Func<AdaptationText, long, IReadOnlyList<SentencePair>> Pairs
)
{
    private const int Repeated = 2;

    /// <summary>Pairs of the new domain by themselves, and mixed.</summary>
    public static IReadOnlyList<AdaptationPlan> All(int pairs) =>
        [
            new("domain", $"{pairs} pairs of the new domain", 300, (text, seed) => text.Draw(pairs, seed)),
            new(
                "mixed",
                $"the same, each {Repeated} times, and {Repeated * pairs} general pairs",
                400,
                (text, seed) => text.Mix(pairs, Repeated, seed)
            ),
        ];
}
