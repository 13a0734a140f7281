using TransformerClinic.Common;
using TransformerClinic.Text;

namespace TransformerClinic.Data;

/// <summary>Turns the text of sets into ids and keeps an account of their lines.</summary>
/// <param name="subwords">The subword model.</param>
/// <param name="progress">Receives how many pairs of all sets are done.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class SetEncoder(SubwordModel subwords, IProgress<double> progress, CancellationToken cancellation)
{
    private const int PairsPerReport = 1000;

    private int _done;

    /// <summary>Why a sentence is too long.</summary>
    public static string TooLong(int limit) => FormattableString.Invariant($"longer than {limit} subwords");

    /// <summary>Encodes a set.</summary>
    /// <param name="set">Its name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="whyNot">Why a pair is dropped; null for one that is kept.</param>
    /// <param name="longestSource">Kept sources longer than this are counted: a translator cannot read them.</param>
    /// <exception cref="UserErrorException">No pair of it is kept.</exception>
    public PreparedSet Encode(
        string set,
        ParallelText text,
        Func<ParallelExample, string?> whyNot,
        int longestSource = int.MaxValue
    )
    {
        var ledger = new LedgerBuilder(set);
        ledger.Include(text.Reading);
        var pairs = new List<SentencePair>(text.Pairs.Count);
        var examples = new List<ParallelExample>(text.Pairs.Count);
        for (var i = 0; i < text.Pairs.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var pair = text.Pairs[i];
            var example = subwords.Example(pair.Source, pair.Target);
            if (whyNot(example) is { } reason)
            {
                ledger.Drop(reason, text.LineOf(i));
            }
            else
            {
                ledger.Keep();
                pairs.Add(pair);
                examples.Add(example);
                if (example.Source.Length > longestSource)
                {
                    ledger.LeaveUntranslated(TooLong(longestSource), text.LineOf(i));
                }
            }

            if (++_done % PairsPerReport == 0)
            {
                progress.Report(_done);
            }
        }

        var built = ledger.Build();
        return examples.Count > 0
            ? new PreparedSet(pairs, examples, built, text.Hashes)
            : throw new UserErrorException($"No pair of the {set} set can be used. {built}");
    }
}
