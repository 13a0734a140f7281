namespace TransformerClinic.Web.Batching;

/// <summary>The sentences of one request that wait, in their order. Guarded by the lock of its queue.</summary>
/// <param name="isBulk">Whether these are many: sentences of small requests overtake them.</param>
internal sealed class Lane(bool isBulk)
{
    /// <summary>As far as sentences of like length are looked for, so that a long document costs no more.</summary>
    private const int Window = 256;

    private readonly LinkedList<SentenceJob> _jobs = [];

    /// <summary>Whether these are many.</summary>
    public bool IsBulk => isBulk;

    /// <summary>How many wait.</summary>
    public int Count => _jobs.Count;

    /// <summary>The next one.</summary>
    public SentenceJob First => _jobs.First!.Value;

    /// <summary>Puts one at the end.</summary>
    public void Add(SentenceJob job) => _jobs.AddLast(job);

    /// <summary>Takes the first one that fits; null if none of the next ones does.</summary>
    public SentenceJob? TakeFirst(Func<SentenceJob, bool> fits)
    {
        var seen = 0;
        for (var node = _jobs.First; node is not null && seen < Window; node = node.Next, seen++)
        {
            if (fits(node.Value))
            {
                _jobs.Remove(node);
                return node.Value;
            }
        }

        return null;
    }

    /// <summary>Takes all.</summary>
    public IReadOnlyList<SentenceJob> TakeAll()
    {
        var all = _jobs.ToList();
        _jobs.Clear();
        return all;
    }
}
