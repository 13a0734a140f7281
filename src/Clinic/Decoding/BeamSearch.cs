using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
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
/// a sentence ends as soon as <c>beam</c> are finished. A batch's other sentences change no result, unless
/// <see cref="DecodingOptions.MaxLengthOf"/> asks for that.
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
        var width = sources.Max(source => source.Length);
        var sentences = sources.Select(source => new SentenceSearch(options, MaxLength(source, width))).ToList();
        using var cache = model.StartDecoding(model.Encode(Rectangle(sources, width)));
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

    private int MaxLength(int[] source, int width)
    {
        var positions = model.Options.MaxPositions;
        if (source.Length == 0 || source.Length > positions)
        {
            throw new ArgumentException($"A source has {source.Length} tokens; the model reads 1 to {positions}.", nameof(source));
        }

        // One position of the output is the end mark that decoding starts from.
        var length = options.MaxLengthOf == SourceLength.Batch ? width : source.Length;
        return (int)Math.Min((options.MaxLengthA * length) + options.MaxLengthB, positions - 1);
    }

    private Tensor Rectangle(IReadOnlyList<int[]> sources, int width)
    {
        var ids = new long[sources.Count * width];
        Array.Fill(ids, model.Padding);
        for (var row = 0; row < sources.Count; row++)
        {
            Array.Copy(sources[row], 0, ids, row * width, sources[row].Length);
        }

        return tensor(ids, [sources.Count, width], device: Device);
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
        var logProbabilities = nn.functional.log_softmax(Divided(logits), -1).cpu();
        var rows = MemoryMarshal.Cast<byte, T>(logProbabilities.bytes);
        var size = open[0].Beam.Count * model.Vocabulary;
        for (var i = 0; i < open.Count; i++)
        {
            open[i].Advance(Best<T>(open[i], rows.Slice(i * size, size)));
        }
    }

    private Tensor Divided(Tensor logits)
    {
        using Scalar temperature = options.Temperature;
        return options.Temperature == 1 ? logits : logits / temperature;
    }

    /// <summary>A sentence's best candidates; its log-probabilities <c>[beam, vocabulary]</c> are changed on the way.</summary>
    private ReadOnlySpan<Candidate> Best<T>(SentenceSearch sentence, Span<T> logProbabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var top = new TopCandidates(2 * options.Beam, model.Padding);
        for (var row = 0; row < sentence.Beam.Count; row++)
        {
            var next = logProbabilities.Slice(row * model.Vocabulary, model.Vocabulary);
            if (T.IsNaN(next[0]))
            {
                // The softmax spreads one value that is not a number over the whole row.
                throw new UserErrorException("The model's output is not a number: its weights are damaged or its training diverged. Use an earlier checkpoint.");
            }

            if (!sentence.MustEnd)
            {
                ChangeLogProbabilities(sentence.Beam[row], next);
                top.Offer<T>(row, sentence.Beam[row].LogProbability, next, sentence.MayEnd);
            }
        }

        // The longest output ends, and so does one that no token may follow.
        var ends = top.Best.IsEmpty;
        for (var row = 0; ends && row < sentence.Beam.Count; row++)
        {
            top.OfferEnd<T>(row, sentence.Beam[row].LogProbability, logProbabilities.Slice(row * model.Vocabulary, model.Vocabulary));
        }

        return top.Best;
    }

    private void ChangeLogProbabilities<T>(PartialHypothesis hypothesis, Span<T> next)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.UnknownPenalty != 0)
        {
            next[Vocabulary.Unknown] -= T.CreateChecked(options.UnknownPenalty);
        }

        if (options.NoRepeatNgram > 0)
        {
            RepeatedNgrams.RuleOut(hypothesis, options.NoRepeatNgram, next);
        }
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
