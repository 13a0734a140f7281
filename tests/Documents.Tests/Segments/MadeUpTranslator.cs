namespace TransformerClinic.Documents.Tests.Segments;

/// <summary>Translates by a function; remembers what it was asked.</summary>
internal sealed class MadeUpTranslator(Func<string, TranslatedSentence> translate) : ISentenceTranslator
{
    public List<IReadOnlyList<string>> Calls { get; } = [];

    public List<bool> Aligned { get; } = [];

    /// <summary>Words in capitals, in their order.</summary>
    public static MadeUpTranslator Capitals() =>
        new(text => Words(text, words => [.. words.Index().Select(w => w.Index)]));

    /// <summary>Words in capitals, the last one first.</summary>
    public static MadeUpTranslator Backward() =>
        new(text => Words(text, words => [.. words.Index().Select(w => w.Index).Reverse()]));

    /// <summary>
    /// Words of the source in an order that a hash of the sentence makes up, some twice, some missing, some new, with
    /// alignments that may not even exist.
    /// </summary>
    public static MadeUpTranslator Nonsense(int seed) =>
        new(text =>
        {
            var random = new Random(seed ^ Hash(text));
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var chosen = Enumerable
                .Range(0, random.Next(words.Length + 3))
                .Select(_ =>
                    random.Next(4) == 0 ? "new,"
                    : words.Length == 0 ? "none"
                    : words[random.Next(words.Length)]
                )
                .ToList();
            var alignment = Enumerable
                .Range(0, random.Next(2 * words.Length + 2))
                .Select(_ => (random.Next(-1, words.Length + 2), random.Next(-1, chosen.Count + 2)))
                .ToList();
            return random.Next(10) == 0
                ? new TranslatedSentence("", [], "it is too long")
                : new TranslatedSentence(string.Join(' ', chosen), alignment);
        });

    public Task<IReadOnlyList<TranslatedSentence>> TranslateAsync(
        IReadOnlyList<string> sentences,
        bool align,
        CancellationToken stop
    )
    {
        stop.ThrowIfCancellationRequested();
        Calls.Add(sentences);
        Aligned.Add(align);
        return Task.FromResult<IReadOnlyList<TranslatedSentence>>([.. sentences.Select(translate)]);
    }

    private static TranslatedSentence Words(string text, Func<string[], int[]> order)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var from = order(words);
        return new TranslatedSentence(
            string.Join(' ', from.Select(word => words[word].ToUpperInvariant())),
            [.. from.Select((source, target) => (source, target))]
        );
    }

    private static int Hash(string text) => text.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));
}
