using TransformerClinic.Common;
using TransformerClinic.Text;

namespace TransformerClinic.Data;

/// <summary>Turns the text of sets into ids with all cores, and keeps an account of their lines.</summary>
/// <param name="subwords">The subword model.</param>
/// <param name="progress">Receives how many pairs of all sets are done.</param>
/// <param name="cancellation">Ends the work.</param>
internal sealed class SetEncoder(SubwordModel subwords, IProgress<double> progress, CancellationToken cancellation)
{
    private const int PairsPerBlock = 1024;

    private long _done;

    /// <summary>Why a sentence is too long.</summary>
    public static string TooLong(int limit) => FormattableString.Invariant($"longer than {limit} subwords");

    /// <summary>Encodes a set that is in memory.</summary>
    /// <param name="set">Its name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="files">Its files.</param>
    /// <param name="whyNot">Why a pair is dropped; null for one that is kept.</param>
    /// <param name="longestSource">Kept sources longer than this are counted: a translator cannot read them.</param>
    /// <exception cref="UserErrorException">No pair of it is kept.</exception>
    public PreparedSet Encode(
        string set,
        ParallelText text,
        ParallelFiles files,
        Func<ParallelExample, string?> whyNot,
        int longestSource = int.MaxValue
    )
    {
        var pairs = new List<SentencePair>(text.Pairs.Count);
        var examples = new List<ParallelExample>(text.Pairs.Count);
        var ledger = Encode(
            set,
            text.Placed,
            files,
            () => text.Account,
            whyNot,
            longestSource,
            (pair, example) =>
            {
                pairs.Add(pair.Pair);
                examples.Add(example);
            }
        );
        return new PreparedSet(pairs, examples, ledger, text.Hashes);
    }

    /// <summary>Encodes a set while it is read.</summary>
    /// <param name="set">Its name.</param>
    /// <param name="pairs">Its text.</param>
    /// <param name="files">Its files.</param>
    /// <param name="account">What is known of them; asked after the last pair.</param>
    /// <param name="whyNot">Why a pair is dropped; null for one that is kept.</param>
    /// <param name="longestSource">Kept sources longer than this are counted: a translator cannot read them.</param>
    /// <param name="keep">Receives each pair that is kept, in the order of reading.</param>
    /// <returns>The account of the pairs.</returns>
    /// <exception cref="UserErrorException">No pair is kept, or a file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Ledger Encode(
        string set,
        IEnumerable<ReadPair> pairs,
        ParallelFiles files,
        Func<SetAccount> account,
        Func<ParallelExample, string?> whyNot,
        int longestSource,
        Action<ReadPair, ParallelExample> keep
    )
    {
        var ledger = new SetLedger(set);
        foreach (var block in OrderedBlocks.Map(pairs, PairsPerBlock, Encoded, cancellation))
        {
            foreach (var (pair, example) in block)
            {
                if (whyNot(example) is { } reason)
                {
                    ledger.Drop(pair, reason);
                    continue;
                }

                ledger.Keep(pair);
                keep(pair, example);
                if (example.Source.Length > longestSource)
                {
                    ledger.LeaveUntranslated(pair, TooLong(longestSource));
                }
            }

            _done += block.Length;
            progress.Report(_done);
        }

        var built = ledger.Build(account().Readings, files);
        return ledger.Kept > 0 ? built : throw new UserErrorException($"No pair of the {set} set can be used. {built}");
    }

    private (ReadPair Pair, ParallelExample Example)[] Encoded(IReadOnlyList<ReadPair> pairs) =>
        [.. pairs.Select(read => (read, subwords.Example(read.Pair.Source, read.Pair.Target)))];
}
