using TransformerClinic.Common;
using TransformerClinic.Text;

namespace TransformerClinic.Data.Epochs;

/// <summary>
/// BPE-dropout on examples (Provilkov, Emelianenko and Voita 2020): each epoch cuts the words of an example into other
/// pieces, which are a function of (seed, epoch, number of the example).
/// </summary>
/// <param name="subwords">The subword model of the set.</param>
/// <param name="probability">The probability that a possible merge is dropped.</param>
/// <param name="longest">Examples with a side that would become longer keep their own ids.</param>
internal sealed class SubwordDropout(BytePairModel subwords, double probability, int longest)
{
    /// <summary>Dropout as a recipe asks for it.</summary>
    /// <param name="subwords">The subword model of the set.</param>
    /// <param name="probability">The probability that a possible merge is dropped; 0 for no dropout.</param>
    /// <param name="longest">Examples with a side that would become longer keep their own ids.</param>
    /// <returns>Null for no dropout.</returns>
    /// <exception cref="UserErrorException">The model is not one that learned its merges here.</exception>
    public static SubwordDropout? Of(SubwordModel subwords, double probability, int longest) =>
        probability == 0 ? null
        : subwords is BytePairModel pairs ? new SubwordDropout(pairs, probability, longest)
        : throw new UserErrorException(
            FormattableString.Invariant($"subwords.dropout is {probability}: ")
                + "merges are left out only where this program has learned the subwords, and training begins with "
                + "those of another program. Set subwords.dropout to 0."
        );

    /// <summary>The examples of a shard in an epoch.</summary>
    public EncodedShard Shard(IExamples examples, int shard, long seed, int epoch) =>
        new(examples, shard, subwords.Vocabulary.Count, example => Example(examples, example, seed, epoch));

    /// <summary>The ids of an example in an epoch.</summary>
    public ParallelExample Example(IExamples examples, int example, long seed, int epoch)
    {
        var kept = examples.Copy(example);
        var draws = new CounterStream(seed, "subwords", ((long)epoch << 32) | (uint)examples.Number(example));
        var dropped = new ParallelExample(Encode(kept.Source, draws), Encode(kept.Target, draws));
        return dropped.LongerSide > longest ? kept : dropped;
    }

    private int[] Encode(int[] ids, CounterStream draws) =>
        [.. subwords.EncodeDropping(subwords.Decode(ids), probability, draws), Vocabulary.EndOfSentence];
}
