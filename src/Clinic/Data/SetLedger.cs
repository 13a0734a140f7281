namespace TransformerClinic.Data;

/// <summary>
/// Counts the lines of a set whose corpora are read one after the other. Every line is kept or dropped; a kept one may
/// be left untranslated.
/// </summary>
/// <param name="set">The set's name.</param>
internal sealed class SetLedger(string set)
{
    private readonly List<LedgerBuilder> _corpora = [];

    /// <summary>Pairs kept so far.</summary>
    public long Kept { get; private set; }

    /// <summary>Notes that a pair is kept.</summary>
    public void Keep(ReadPair pair)
    {
        Kept++;
        Of(pair.Corpus).Keep();
    }

    /// <summary>Notes that a pair is dropped.</summary>
    public void Drop(ReadPair pair, string reason) => Of(pair.Corpus).Drop(reason, pair.Line);

    /// <summary>Notes that a pair is kept, but will not be translated.</summary>
    public void LeaveUntranslated(ReadPair pair, string reason) => Of(pair.Corpus).LeaveUntranslated(reason, pair.Line);

    /// <summary>The account.</summary>
    /// <param name="readings">
    /// What was dropped and changed when each corpus was read, before lines became pairs.
    /// </param>
    /// <param name="files">The files, whose names tell corpora apart.</param>
    public Ledger Build(IReadOnlyList<Ledger> readings, ParallelFiles files)
    {
        var names = Names(files);
        List<Ledger> ledgers = [];
        foreach (var (number, reading) in readings.Index())
        {
            var corpus = Of(number);
            corpus.Include(reading);
            ledgers.Add(corpus.Build() with { Set = readings.Count == 1 ? set : names[number] });
        }

        return ledgers is [var only] ? only : Ledger.Sum(set, ledgers);
    }

    /// <summary>The names of the files, or their paths where two have the same name.</summary>
    private static List<string> Names(ParallelFiles files)
    {
        List<string> paths = [.. files.Corpora.Select(corpus => corpus.Paths[0])];
        List<string> names = [.. paths.Select(path => Path.GetFileName(path))];
        return names.Distinct(StringComparer.Ordinal).Count() == names.Count ? names : paths;
    }

    private LedgerBuilder Of(int corpus)
    {
        while (_corpora.Count <= corpus)
        {
            _corpora.Add(new LedgerBuilder(set));
        }

        return _corpora[corpus];
    }
}
