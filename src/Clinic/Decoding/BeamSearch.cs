using TransformerClinic.Model;
using TransformerClinic.Text;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>
/// Beam search: <c>beam</c> hypotheses a sentence grow token by token, each step keeping those of the highest
/// log-probability; a finished one scores <c>log P(y | x) / |y| ^ lengthPenalty</c>. A beam of 1 is greedy search.
/// </summary>
/// <remarks>
/// The rules are fairseq's: of the <c>2 * beam</c> best candidates an end mark among the first <c>beam</c> finishes its hypothesis;
/// a sentence ends as soon as <c>beam</c> are finished. In one thing it differs: the longest output depends on the
/// sentence's own length, not on the longest in its batch, so a batch's other sentences never change a result.
/// </remarks>
public sealed class BeamSearch(Transformer model, DecodingOptions options)
{
    /// <summary>The finished hypotheses of each source, best first, at most <c>beam</c> of them and at least one.</summary>
    /// <param name="sources">Ids of the sources, each ending with the end mark and no longer than the model's positions.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="ArgumentException">A source is empty or longer than the model's positions.</exception>
    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Search(IReadOnlyList<int[]> sources, CancellationToken cancellation = default)
    {
        if (sources.Count == 0)
        {
            return [];
        }

        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var sentences = sources.Select(source => new SentenceSearch(options, MaxLength(source))).ToList();
        using var cache = model.StartDecoding(model.Encode(Rectangle(sources)));
        for (var open = sentences; open.Count > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            Advance(open, cache);
            open = Continue(open, cache);
        }

        return [.. sentences.Select(sentence => sentence.Finished)];
    }

    private Device Device => model.Embeddings.Source.device;

    private int MaxLength(int[] source)
    {
        var positions = model.Options.MaxPositions;
        if (source.Length == 0 || source.Length > positions)
        {
            throw new ArgumentException($"A source has {source.Length} tokens; the model reads 1 to {positions}.", nameof(source));
        }

        // One position of the output is the end mark that decoding starts from.
        return (int)Math.Min((options.MaxLengthA * source.Length) + options.MaxLengthB, positions - 1);
    }

    private Tensor Rectangle(IReadOnlyList<int[]> sources)
    {
        var length = sources.Max(source => source.Length);
        var ids = new long[sources.Count * length];
        Array.Fill(ids, model.Padding);
        for (var row = 0; row < sources.Count; row++)
        {
            Array.Copy(sources[row], 0, ids, row * length, sources[row].Length);
        }

        return tensor(ids, [sources.Count, length], device: Device);
    }

    /// <summary>One step of all open sentences.</summary>
    private void Advance(List<SentenceSearch> open, DecoderCache cache)
    {
        var width = open[0].Beam.Count;
        var tokens = open.SelectMany(sentence => sentence.Beam).Select(hypothesis => (long)hypothesis.Token).ToArray();
        var logits = model.DecodeStep(tensor(tokens, [open.Count, width], device: Device), cache);
        var logProbabilities = nn.functional.log_softmax(logits, -1);
        Forbid(logProbabilities, open, cache.Step - 1);
        var before = open.SelectMany(sentence => sentence.Beam).Select(hypothesis => hypothesis.LogProbability).ToArray();
        logProbabilities.add_(tensor(before, [open.Count, width, 1], logProbabilities.dtype, Device));

        var count = Math.Min(2 * options.Beam, (width * model.Vocabulary) - 1);
        var (values, indices) = logProbabilities.view(open.Count, -1).topk(count);
        var best = values.to(ScalarType.Float64).cpu().data<double>().ToArray();
        var places = indices.cpu().data<long>().ToArray();
        for (var i = 0; i < open.Count; i++)
        {
            open[i].Advance(Candidates(best.AsSpan(i * count, count), places.AsSpan(i * count, count)));
        }
    }

    /// <summary>Minus infinity for what must not come next: padding always, the end mark too early, all but the end mark too late.</summary>
    private void Forbid(Tensor logProbabilities, List<SentenceSearch> open, int step)
    {
        const double never = double.NegativeInfinity;
        var end = logProbabilities.select(2, Vocabulary.EndOfSentence);
        logProbabilities.select(2, model.Padding).fill_(never);
        var mustEnd = tensor(open.Select(sentence => sentence.MustEnd).ToArray(), [open.Count, 1], device: Device);
        if (step < options.MinLength)
        {
            end.masked_fill_(mustEnd.logical_not(), never);
        }

        if (open.Exists(sentence => sentence.MustEnd))
        {
            var kept = end.clone();
            logProbabilities.masked_fill_(mustEnd.unsqueeze(-1), never);
            end.copy_(kept);
        }
    }

    /// <summary>Best first; equals in the order of their place, whatever order the selection left them in.</summary>
    private Candidate[] Candidates(ReadOnlySpan<double> best, ReadOnlySpan<long> places)
    {
        var candidates = new Candidate[best.Length];
        for (var i = 0; i < best.Length; i++)
        {
            if (double.IsNaN(best[i]))
            {
                throw new UserErrorException("The model's output is not a number: its weights are damaged or its training diverged. Use an earlier checkpoint.");
            }

            candidates[i] = new Candidate((int)(places[i] / model.Vocabulary), (int)(places[i] % model.Vocabulary), best[i]);
        }

        Array.Sort(candidates, (a, b) => (-a.LogProbability, a.Row, a.Token).CompareTo((-b.LogProbability, b.Row, b.Token)));
        return candidates;
    }

    /// <summary>The sentences that are not done; the cache follows.</summary>
    private List<SentenceSearch> Continue(List<SentenceSearch> open, DecoderCache cache)
    {
        var remaining = Enumerable.Range(0, open.Count).Where(i => !open[i].Done).ToArray();
        if (remaining.Length == 0)
        {
            return [];
        }

        if (remaining.Length < open.Count)
        {
            cache.KeepSources(tensor(remaining.Select(i => (long)i).ToArray(), device: Device));
            open = [.. remaining.Select(i => open[i])];
        }

        var parents = open.SelectMany(sentence => sentence.Beam).Select(hypothesis => (long)hypothesis.Parent!.Row).ToArray();
        cache.Reorder(tensor(parents, [open.Count, options.Beam], device: Device));
        return open;
    }
}
