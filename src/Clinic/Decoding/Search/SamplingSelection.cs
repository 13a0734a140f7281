using System.Numerics;
using TransformerClinic.Common;
using TransformerClinic.Text;

namespace TransformerClinic.Decoding.Search;

/// <summary>One drawn token for each hypothesis; at the first step, <c>beam</c> of them for the empty one.</summary>
internal sealed class SamplingSelection(Sampling sampling, DecodingOptions options, SearchedModel model)
    : ICandidateSelection
{
    /// <inheritdoc/>
    public ReadOnlySpan<Candidate> Select<T>(SentenceSearch sentence, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var drawn = new List<Candidate>(options.Beam);
        for (var row = 0; row < sentence.Beam.Count; row++)
        {
            if (double.IsNegativeInfinity(sentence.Beam[row].LogProbability))
            {
                continue; // fills the place of an output that has ended
            }

            var next = logProbabilities.Slice(row * model.Vocabulary, model.Vocabulary);
            var rest = Remaining<T>(next, sentence.MayEnd);
            var total = rest.Sum(token => token.Probability);
            for (var draw = 0; draw < (sentence.Beam.Count == 1 ? options.Beam : 1) && total > 0; draw++)
            {
                var token = Draw(rest, total * Uniform(sentence, row + draw));
                drawn.Add(
                    new Candidate(row, token, sentence.Beam[row].LogProbability + double.CreateChecked(next[token]))
                );
            }
        }

        return drawn.ToArray();
    }

    /// <summary>From 0 to 1, 1 excluded.</summary>
    private double Uniform(SentenceSearch sentence, int hypothesis) =>
        CounterRandom.Unit(
            CounterRandom.At(
                sampling.Seed,
                $"sample {sentence.Source.Number}",
                ((long)sentence.Length * options.Beam) + hypothesis
            )
        );

    /// <summary>The token at which the running sum of probabilities exceeds a value.</summary>
    private static int Draw(IReadOnlyList<(int Token, double Probability)> tokens, double value)
    {
        var sum = 0.0;
        foreach (var (token, probability) in tokens)
        {
            sum += probability;
            if (value < sum)
            {
                return token;
            }
        }

        return tokens[^1].Token; // rounding of the sum
    }

    /// <summary>The tokens that may be drawn, in order of id.</summary>
    private List<(int Token, double Probability)> Remaining<T>(ReadOnlySpan<T> logProbabilities, bool mayEnd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tokens = new List<(int Token, double Probability)>();
        for (var token = 0; token < logProbabilities.Length; token++)
        {
            var probability = Math.Exp(double.CreateChecked(logProbabilities[token]));
            if (probability > 0 && token != model.Padding && (mayEnd || token != Vocabulary.EndOfSentence))
            {
                tokens.Add((token, probability));
            }
        }

        var kept = sampling.TopK > 0 ? MostProbable(tokens, sampling.TopK) : tokens;
        return sampling.TopP < 1 ? Nucleus(kept, sampling.TopP) : kept;
    }

    private static List<(int Token, double Probability)> MostProbable(
        List<(int Token, double Probability)> tokens,
        int count
    ) =>
        tokens.Count <= count
            ? tokens
            : [.. tokens.OrderByDescending(token => token.Probability).Take(count).OrderBy(token => token.Token)];

    private static List<(int Token, double Probability)> Nucleus(
        List<(int Token, double Probability)> tokens,
        double share
    )
    {
        // Together, the tokens below this have too little probability to be needed, so most tokens do not have to be
        // sorted.
        var total = tokens.Sum(token => token.Probability);
        var least = (1 - share) * total / tokens.Count;
        var kept = new List<(int Token, double Probability)>();
        var sum = 0.0;
        foreach (
            var token in tokens.Where(token => token.Probability >= least).OrderByDescending(token => token.Probability)
        )
        {
            kept.Add(token);
            sum += token.Probability;
            if (sum >= share * total)
            {
                break;
            }
        }

        return [.. kept.OrderBy(token => token.Token)];
    }
}
