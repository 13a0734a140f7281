using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding;

/// <summary>
/// The rules of the search written out for one sentence: no cache, no batch, a full sort at every step. Its output's length
/// is that of <c>lengthOf</c>.
/// </summary>
internal static class PlainBeamSearch
{
    public static IReadOnlyList<(int[] Tokens, double Score)> Search(Transformer model, int[] source, DecodingOptions options, int? lengthOf = null)
    {
        var maxLength = Math.Min((int)((options.MaxLengthA * (lengthOf ?? source.Length)) + options.MaxLengthB), model.Options.MaxPositions - 1);
        var live = new List<(int[] Tokens, double Sum)> { ([Vocabulary.EndOfSentence], 0) };
        var finished = new List<(int[] Tokens, double Score)>();
        for (var step = 0; step <= maxLength && finished.Count < options.Beam; step++)
        {
            var candidates = live
                .SelectMany(hypothesis => Next(model, source, hypothesis.Tokens, options)
                    .Select((logProbability, token) => (hypothesis.Tokens, Token: token, Sum: hypothesis.Sum + logProbability)))
                .Where(candidate => candidate.Token != Vocabulary.Pad)
                .Where(candidate => candidate.Token == Vocabulary.EndOfSentence || options.NoRepeatNgram == 0 || !Repeats([.. candidate.Tokens, candidate.Token], options.NoRepeatNgram))
                .Where(candidate => step < maxLength
                    ? candidate.Token != Vocabulary.EndOfSentence || step >= options.MinLength
                    : candidate.Token == Vocabulary.EndOfSentence)
                .OrderByDescending(candidate => candidate.Sum)
                .Take(2 * options.Beam)
                .ToList();
            foreach (var (tokens, _, sum) in candidates.Take(options.Beam).Where(candidate => candidate.Token == Vocabulary.EndOfSentence))
            {
                if (finished.Count < options.Beam)
                {
                    finished.Add(([.. tokens[1..], Vocabulary.EndOfSentence], sum / Math.Pow(step + 1, options.LengthPenalty)));
                }
            }

            live = [.. candidates
                .Where(candidate => candidate.Token != Vocabulary.EndOfSentence)
                .Take(options.Beam)
                .Select(candidate => ((int[])[.. candidate.Tokens, candidate.Token], candidate.Sum))];
        }

        return [.. finished.OrderByDescending(hypothesis => hypothesis.Score)];
    }

    /// <summary>Whether an output holds some run of n tokens twice.</summary>
    public static bool Repeats(int[] tokens, int n)
    {
        var ngrams = Enumerable.Range(0, Math.Max(0, tokens.Length - n + 1)).Select(i => string.Join(' ', tokens[i..(i + n)])).ToList();
        return ngrams.Distinct(StringComparer.Ordinal).Count() < ngrams.Count;
    }

    private static double[] Next(Transformer model, int[] source, int[] prefix, DecodingOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = model.Forward(Row(source), Row(prefix))[0, -1].data<double>().Select(logit => logit / options.Temperature).ToArray();
        var sum = logits.Sum(Math.Exp);
        return [.. logits.Select((logit, token) => logit - Math.Log(sum) - (token == Vocabulary.Unknown ? options.UnknownPenalty : 0))];
    }

    private static Tensor Row(int[] ids) => tensor(Array.ConvertAll(ids, id => (long)id), [1, ids.Length]);
}
