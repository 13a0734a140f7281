using TransformerClinic.Common;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Search;

/// <summary>
/// Beam search's candidates, selected where the log-probabilities are: of each hypothesis only its best continuations
/// are sent to the processor, not those with all words. The same candidates as <see cref="BeamSelection"/> takes,
/// except that among equals libtorch does not say which it keeps.
/// </summary>
internal sealed class DeviceCandidates
{
    // Padding, and the end mark where the sentence may not end yet, are among the best and not taken.
    private const int NeverTaken = 2;

    private readonly double[] _numbers; // of each row: values, tokens, the end mark's value
    private readonly int _perRow;
    private readonly int _count;
    private readonly bool _isFloat32;

    private DeviceCandidates(double[] numbers, int count, bool isFloat32) =>
        (_numbers, _count, _perRow, _isFloat32) = (numbers, count, (2 * count) + 1, isFloat32);

    /// <summary>Selects.</summary>
    /// <param name="logProbabilities"><c>[..., vocabulary]</c>; may be changed.</param>
    /// <param name="options">How many, and what an unknown word costs.</param>
    public static DeviceCandidates Of(Tensor logProbabilities, DecodingOptions options)
    {
        using var scope = NewDisposeScope();
        using TorchSharp.Scalar penalty = options.UnknownPenalty;
        logProbabilities.narrow(-1, Vocabulary.Unknown, 1).sub_(penalty);
        var count = (int)Math.Min((2 * options.Beam) + NeverTaken, logProbabilities.size(-1));
        var (values, tokens) = logProbabilities.topk(count, -1);
        var ends = logProbabilities.narrow(-1, Vocabulary.EndOfSentence, 1);
        var all = cat([values.to(ScalarType.Float64), tokens.to(ScalarType.Float64), ends.to(ScalarType.Float64)], -1);
        return new DeviceCandidates(
            [.. all.cpu().flatten().data<double>()],
            count,
            logProbabilities.dtype == ScalarType.Float32
        );
    }

    /// <summary>Whether selecting here suffices: nothing rules out words that depend on the hypothesis.</summary>
    public static bool Suffice(SentenceSearch sentence, DecodingOptions options) =>
        options.NoRepeatNgram == 0
        && sentence.Source.Required is null
        && sentence.Source.Banned is null
        && sentence.Length >= sentence.Source.Prefix.Length;

    /// <summary>A sentence's best candidates.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="first">The row of its first hypothesis.</param>
    /// <param name="options">How many.</param>
    /// <param name="padding">Id of the padding token.</param>
    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    public ReadOnlySpan<Candidate> Best(SentenceSearch sentence, int first, DecodingOptions options, long padding)
    {
        var top = new TopCandidates(2 * options.Beam, padding);
        for (var row = 0; row < sentence.Beam.Count && !sentence.MustEnd; row++)
        {
            Offer(top, row, sentence, first);
        }

        if (top.Best.IsEmpty)
        {
            // An output ends at the longest length, and when no token may follow.
            for (var row = 0; row < sentence.Beam.Count; row++)
            {
                var end = Row(first + row)[^1];
                top.OfferOne(row, Vocabulary.EndOfSentence, Sum(sentence.Beam[row].LogProbability, end), mayEnd: true);
            }
        }

        return top.Best;
    }

    /// <summary>Whether a row's values are not numbers: softmax spreads a single one over the whole row.</summary>
    public bool IsNaN(int row) => double.IsNaN(Row(row)[0]);

    private void Offer(TopCandidates top, int row, SentenceSearch sentence, int first)
    {
        var numbers = Row(first + row);
        var (values, tokens) = (numbers[.._count].ToArray(), numbers[_count..(2 * _count)].ToArray());
        Array.Sort(tokens, values); // ties are in the order of ids
        for (var i = 0; i < _count; i++)
        {
            top.OfferOne(row, (int)tokens[i], Sum(sentence.Beam[row].LogProbability, values[i]), sentence.MayEnd);
        }
    }

    private ReadOnlySpan<double> Row(int row) => _numbers.AsSpan(row * _perRow, _perRow);

    /// <summary>The sum in the type of the log-probabilities.</summary>
    private double Sum(double before, double next) => _isFloat32 ? (float)before + (float)next : before + next;
}
