using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding.Search;

/// <summary>
/// The rules of the search written out for one sentence: no cache, no batch, a full sort at every step. Its output's
/// length is that of <c>lengthOf</c>.
/// </summary>
internal static class PlainBeamSearch
{
    public static IReadOnlyList<(int[] Tokens, double Score)> Search(
        Transformer model,
        int[] source,
        DecodingOptions options,
        int? lengthOf = null
    ) => Search([model], source, options, lengthOf);

    public static IReadOnlyList<(int[] Tokens, double Score)> Search(
        Transformer[] models,
        int[] source,
        DecodingOptions options,
        int? lengthOf = null
    )
    {
        var length = lengthOf ?? source.Length;
        var maxLength = Math.Min(
            (int)((options.MaxLengthA * length) + options.MaxLengthB),
            models[0].Options.MaxPositions - 1
        );
        var minLength = (int)((options.MinLengthA * length) + options.MinLength);
        var live = new List<(int[] Tokens, double Sum)> { ([Vocabulary.EndOfSentence], 0) };
        var finished = new List<(int[] Tokens, double Score)>();
        for (var step = 0; step <= maxLength && finished.Count < options.Beam; step++)
        {
            var candidates = live.SelectMany(hypothesis =>
                    Next(models, source, hypothesis.Tokens, options)
                        .Select(
                            (logProbability, token) =>
                                (hypothesis.Tokens, Token: token, Sum: hypothesis.Sum + logProbability)
                        )
                )
                .Where(candidate => candidate.Token != Vocabulary.Pad)
                .Where(candidate =>
                    candidate.Token == Vocabulary.EndOfSentence
                    || options.NoRepeatNgram == 0
                    || !Repeats([.. candidate.Tokens, candidate.Token], options.NoRepeatNgram)
                )
                .Where(candidate =>
                    step < maxLength
                        ? candidate.Token != Vocabulary.EndOfSentence || step >= minLength
                        : candidate.Token == Vocabulary.EndOfSentence
                )
                .OrderByDescending(candidate => candidate.Sum)
                .Take(2 * options.Beam)
                .ToList();
            foreach (
                var (tokens, _, sum) in candidates
                    .Take(options.Beam)
                    .Where(candidate => candidate.Token == Vocabulary.EndOfSentence)
            )
            {
                if (finished.Count < options.Beam)
                {
                    finished.Add(([.. tokens[1..], Vocabulary.EndOfSentence], Score(sum, step + 1, options)));
                }
            }

            live =
            [
                .. candidates
                    .Where(candidate => candidate.Token != Vocabulary.EndOfSentence)
                    .Take(options.Beam)
                    .Select(candidate => ((int[])[.. candidate.Tokens, candidate.Token], candidate.Sum)),
            ];
        }

        return [.. finished.OrderByDescending(hypothesis => hypothesis.Score)];
    }

    /// <summary>Whether an output contains some run of n tokens twice.</summary>
    public static bool Repeats(int[] tokens, int n)
    {
        var ngrams = Enumerable
            .Range(0, Math.Max(0, tokens.Length - n + 1))
            .Select(i => string.Join(' ', tokens[i..(i + n)]))
            .ToList();
        return ngrams.Distinct(StringComparer.Ordinal).Count() < ngrams.Count;
    }

    /// <summary>The log-probability of every next token, of the mean of the models' probabilities.</summary>
    public static double[] Next(Transformer[] models, int[] source, int[] prefix, DecodingOptions options)
    {
        var probabilities = models.Select(model => Probabilities(model, source, prefix, options.Temperature)).ToArray();
        return
        [
            .. Enumerable
                .Range(0, probabilities[0].Length)
                .Select(token =>
                    Math.Log(probabilities.Average(ofModel => ofModel[token]))
                    - (token == Vocabulary.Unknown ? options.UnknownPenalty : 0)
                ),
        ];
    }

    private static double Score(double sum, int length, DecodingOptions options) =>
        options.LengthNormalization == LengthNormalization.Power
            ? sum / Math.Pow(length, options.LengthPenalty)
            : sum * Math.Pow(6, options.LengthPenalty) / Math.Pow(5 + length, options.LengthPenalty);

    private static double[] Probabilities(Transformer model, int[] source, int[] prefix, double temperature)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var powers = model
            .Forward(Row(source), Row(prefix))[0, -1]
            .data<double>()
            .Select(logit => Math.Exp(logit / temperature))
            .ToArray();
        var sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }

    private static Tensor Row(int[] ids) => tensor(Array.ConvertAll(ids, id => (long)id), [1, ids.Length]);
}
