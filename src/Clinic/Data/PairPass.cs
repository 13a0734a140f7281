using TransformerClinic.Common;
using TransformerClinic.Data.Exchange;

namespace TransformerClinic.Data;

/// <summary>One reading of a set, from its beginning to its end.</summary>
/// <param name="files">The files.</param>
/// <param name="languages">Which languages to take of a file that has several.</param>
/// <param name="open">Opens a file by its name; the stream's position can be set back to its start.</param>
/// <param name="progress">Receives now and then how many bytes of the set are read; null for nobody.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class PairPass(
    ParallelFiles files,
    LanguagePair languages,
    Func<string, CancellationToken, (string Path, Stream Content)> open,
    IProgress<long>? progress,
    CancellationToken cancellation
)
{
    private readonly ByteProgress _progress = new(progress);
    private readonly SortedDictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly List<Ledger> _readings = [];
    private readonly List<(string Source, string Target)?> _languages = [];

    /// <summary>What was read; complete only after the last of <see cref="Pairs()"/>.</summary>
    public SetAccount Account => new(_hashes, _readings);

    /// <summary>The languages of the pairs; null if a file does not name any, or corpora differ in them.</summary>
    public (string Source, string Target)? Languages =>
        _languages.Distinct().Take(2).ToList() is [var only] ? only : null;

    /// <summary>The pairs, in the order of the corpora and of their lines; to be enumerated once.</summary>
    /// <exception cref="UserErrorException">
    /// A file is empty, damaged, not UTF-8, has no pairs of these languages, or its lines are not pairs.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public IEnumerable<ReadPair> Pairs()
    {
        foreach (var (number, corpus) in files.Corpora.Index())
        {
            foreach (var (pair, line) in Pairs(corpus))
            {
                yield return new ReadPair(pair, number, line);
            }
        }
    }

    private IEnumerable<(SentencePair Pair, int Line)> Pairs(ParallelCorpus corpus)
    {
        using var source = Open(corpus.Paths[0], isWhole: corpus.Paths.Count == 1);
        using var target = corpus.Paths.Count == 1 ? null : Open(corpus.Paths[1], isWhole: false);
        var exchange = source.IsExchange ? new ExchangeReading(source.Content, source.Path, languages) : null;
        var pairs = 0;
        foreach (
            var pair in exchange?.Pairs() ?? (target is null ? PairLines.Table(source) : PairLines.Two(source, target))
        )
        {
            pairs++;
            yield return pair;
        }

        _hashes[corpus.Paths[0]] = source.Content.HashOfAll();
        if (target is not null)
        {
            _hashes[corpus.Paths[1]] = target.Content.HashOfAll();
        }

        _readings.Add(exchange?.Ledger ?? new Ledger("", pairs, pairs, []));
        _languages.Add(exchange?.Languages);
    }

    private PairFile Open(string name, bool isWhole)
    {
        var (path, content) = open(name, cancellation);
        try
        {
            var isExchange = ExchangeFile.IsOne(content, path, isWhole);
            return isExchange && !isWhole
                ? throw PairFile.HasBothLanguages(path)
                : new PairFile(path, content, isExchange, _progress.Next(), cancellation);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }
}
