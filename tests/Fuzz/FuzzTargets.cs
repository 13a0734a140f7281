namespace TransformerClinic.Fuzz;

/// <summary>All that is fuzzed, by name.</summary>
internal static class FuzzTargets
{
    private static readonly Dictionary<string, Func<IFuzzTarget>> All = new(StringComparer.Ordinal)
    {
        ["reader"] = () => new ReaderTarget(),
        ["writer"] = () => new WriterTarget(),
        ["recipe"] = () => new RecipeTarget(),
        ["compressed"] = () => new CompressedTarget(),
        ["pairs"] = () => new PairsTarget(),
        ["tmx"] = () => new TmxTarget(),
        ["xliff"] = () => new XliffTarget(),
        ["srt"] = () => new DocumentTarget("srt", DocumentSeeds.Srt),
        ["vtt"] = () => new DocumentTarget("vtt", DocumentSeeds.Vtt),
        ["text"] = () => new DocumentTarget("text", DocumentSeeds.Text),
        ["html"] = () => new DocumentTarget("html", DocumentSeeds.Html),
        ["markdown"] = () => new DocumentTarget("markdown", DocumentSeeds.Markdown),
        ["bilingual"] = () => new DocumentTarget("xliff", DocumentSeeds.Xliff),
        ["docx"] = () => new DocxTarget(),
        ["subwords"] = () => new SubwordsTarget(),
        ["counts"] = () => new CountsTarget(),
        ["stored-manifest"] = () => new StoredSetTarget(isShard: false),
        ["stored-shard"] = () => new StoredSetTarget(isShard: true),
        ["state"] = () => new StateTarget(),
        ["log"] = () => new LogTarget(),
        ["checkpoint"] = () => new CheckpointTarget(stream: false),
        ["old-checkpoint"] = () => new CheckpointTarget(stream: true),
        ["dictionary"] = () => new DictionaryTarget(),
        ["merges"] = () => new MergesTarget(),
        ["marian"] = () => new MarianTarget("marian", "model.bin", ".bin"),
        ["marian-npz"] = () => new MarianTarget("marian-npz", "model.npz", ".npz"),
        ["sentencepiece"] = () => new SentencePieceTarget(),
        ["piece-list"] = () => new PieceListTarget(),
    };

    public static IReadOnlyCollection<string> Names => All.Keys;

    public static IFuzzTarget Create(string name) => All[name]();
}
