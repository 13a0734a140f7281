using System.Numerics;
using System.Runtime.InteropServices;
using TransformerClinic.Model;
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
        var tokens = open.SelectMany(sentence => sentence.Beam).Select(hypothesis => (long)hypothesis.Token).ToArray();
        var logits = model.DecodeStep(tensor(tokens, [open.Count, open[0].Beam.Count], device: Device), cache);
        if (logits.dtype == ScalarType.Float64)
        {
            Advance<double>(open, logits);
        }
        else
        {
            Advance<float>(open, logits.to(ScalarType.Float32));
        }
    }

    private void Advance<T>(List<SentenceSearch> open, Tensor logits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var logProbabilities = nn.functional.log_softmax(logits, -1).cpu();
        var rows = MemoryMarshal.Cast<byte, T>(logProbabilities.bytes);
        var size = open[0].Beam.Count * model.Vocabulary;
        for (var i = 0; i < open.Count; i++)
        {
            open[i].Advance(Best<T>(open[i], rows.Slice(i * size, size)));
        }
    }

    private ReadOnlySpan<Candidate> Best<T>(SentenceSearch sentence, ReadOnlySpan<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var top = new TopCandidates(2 * options.Beam, model.Padding);
        foreach (var (row, hypothesis) in sentence.Beam.Index())
        {
            var next = logProbabilities.Slice(row * model.Vocabulary, model.Vocabulary);
            if (T.IsNaN(next[0]))
            {
                // The softmax spreads one value that is not a number over the whole row.
                throw new UserErrorException("The model's output is not a number: its weights are damaged or its training diverged. Use an earlier checkpoint.");
            }

            if (sentence.MustEnd)
            {
                top.OfferEnd(row, hypothesis.LogProbability, next);
            }
            else
            {
                top.Offer(row, hypothesis.LogProbability, next, sentence.MayEnd);
            }
        }

        return top.Best;
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
