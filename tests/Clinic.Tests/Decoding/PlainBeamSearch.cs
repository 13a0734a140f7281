using TransformerClinic.Decoding;
using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Tests.Decoding;

/// <summary>The rules of the search written out for one sentence: no cache, no batch, a full sort at every step.</summary>
internal static class PlainBeamSearch
{
    public static IReadOnlyList<(int[] Tokens, double Score)> Search(Transformer model, int[] source, DecodingOptions options)
    {
        var maxLength = Math.Min((int)((options.MaxLengthA * source.Length) + options.MaxLengthB), model.Options.MaxPositions - 1);
        var live = new List<(int[] Tokens, double Sum)> { ([Vocabulary.EndOfSentence], 0) };
        var finished = new List<(int[] Tokens, double Score)>();
        for (var step = 0; step <= maxLength && finished.Count < options.Beam; step++)
        {
            var candidates = live
                .SelectMany(hypothesis => Next(model, source, hypothesis.Tokens)
                    .Select((logProbability, token) => (hypothesis.Tokens, Token: token, Sum: hypothesis.Sum + logProbability)))
                .Where(candidate => candidate.Token != Vocabulary.Pad)
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

    private static double[] Next(Transformer model, int[] source, int[] prefix)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = model.Forward(Row(source), Row(prefix))[0, -1];
        return logits.log_softmax(-1).data<double>().ToArray();
    }

    private static Tensor Row(int[] ids) => tensor(Array.ConvertAll(ids, id => (long)id), [1, ids.Length]);
}
