using TransformerClinic.Common;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Stored;

/// <summary>Finds the text of stored examples in the files that they come from, while these are as they were.</summary>
/// <param name="source">The files.</param>
/// <param name="texts">The same as they were when the set was stored.</param>
/// <param name="subwords">The subword model of the set.</param>
internal sealed class StoredTexts(PairSource source, IReadOnlyList<TextFile> texts, SubwordModel subwords)
{
    /// <summary>The text of some examples, in their order; null if a file is gone or has been written to.</summary>
    /// <param name="set">The set.</param>
    /// <param name="examples">Which of its examples.</param>
    public IReadOnlyList<SentencePair>? Read(StoredSet set, IReadOnlyList<int> examples)
    {
        if (texts.Any(text => !text.IsAsBefore(TextFile.Now(text.Path))))
        {
            return null;
        }

        var wanted = examples.Distinct().ToLookup(set.Place);
        var (count, found) = (examples.Distinct().Count(), new Dictionary<int, SentencePair>());
        try
        {
            foreach (var read in source.Read(progress: null, CancellationToken.None).Pairs())
            {
                foreach (var example in wanted[(read.Corpus, read.Line)].Where(example => Is(read.Pair, set, example)))
                {
                    found.TryAdd(example, read.Pair);
                }

                if (found.Count == count)
                {
                    return [.. examples.Select(example => found[example])];
                }
            }
        }
        catch (Exception exception) when (exception is UserErrorException or IOException)
        {
            // Gone or written to in the meantime.
        }

        return null;
    }

    /// <summary>Several pairs may be on one line of a file of translators; only the ids tell them apart.</summary>
    private bool Is(SentencePair pair, StoredSet set, int example)
    {
        var (read, stored) = (subwords.Example(pair.Source, pair.Target), set.Copy(example));
        return read.Source.AsSpan().SequenceEqual(stored.Source) && read.Target.AsSpan().SequenceEqual(stored.Target);
    }
}
