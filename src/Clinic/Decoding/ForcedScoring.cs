using TorchSharp;
using TransformerClinic.Common;
using TransformerClinic.Data;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding;

/// <summary>
/// The log-probabilities <c>log P(y_t | y_1 .. y_t-1, x)</c> of given outputs, all positions in one pass (forced
/// decoding); for several models, from the mean of their probabilities.
/// </summary>
/// <param name="models">The models; they share vocabulary, device and precision.</param>
/// <param name="temperature">Logits are divided by this.</param>
internal sealed class ForcedScoring(IReadOnlyList<Transformer> models, double temperature = 1)
{
    /// <summary>Scores a batch.</summary>
    /// <param name="pairs">
    /// Sources and outputs, each ending with the end mark and no longer than the model's positions.
    /// </param>
    /// <param name="attention">Whether to return the attention as well.</param>
    /// <exception cref="UserErrorException">The model's output is not a number.</exception>
    public IReadOnlyList<ForcedScore> Score(IReadOnlyList<ParallelExample> pairs, bool attention = false)
    {
        if (pairs.Count == 0)
        {
            return [];
        }

        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var batch = new Batch(pairs, [.. Enumerable.Range(0, pairs.Count)]);
        var attended = new List<Tensor>();
        var logProbabilities = ModelAverage.LogProbabilities(
            [.. models.Select(model => Logits(model, batch, attention ? attended : null, scope))],
            temperature
        );
        var targets = Rectangle(batch.Target, batch.Size, batch.TargetLength);
        var ofTargets = logProbabilities
            .gather(-1, targets.unsqueeze(-1))
            .squeeze(-1)
            .to(ScalarType.Float32)
            .cpu()
            .data<float>()
            .ToArray();
        var correct = logProbabilities.argmax(-1).eq(targets).cpu().data<bool>().ToArray();
        var weights =
            attended.Count == 0 ? null : stack(attended).mean([0]).to(ScalarType.Float32).cpu().data<float>().ToArray();
        return [.. pairs.Select((pair, row) => Of(pair, row, batch, ofTargets, correct, weights))];
    }

    private Tensor Logits(Transformer model, Batch batch, List<Tensor>? attended, DisposeScope scope)
    {
        var source = Rectangle(batch.Source, batch.Size, batch.SourceLength);
        var previous = Rectangle(batch.PreviousOutput, batch.Size, batch.TargetLength);
        if (attended is null)
        {
            return model.Forward(source, previous);
        }

        Tensor? logits = null;
        var seen = CrossAttention.During(model, () => logits = model.Forward(source, previous));
        scope.Attach(seen);
        attended.Add(seen);
        return logits!;
    }

    private static ForcedScore Of(
        ParallelExample pair,
        int row,
        Batch batch,
        float[] logProbabilities,
        bool[] correct,
        float[]? weights
    )
    {
        var positions = Enumerable.Range(row * batch.TargetLength, pair.Target.Length).ToList();
        float[] ofTokens = [.. positions.Select(position => logProbabilities[position])];
        if (ofTokens.Any(float.IsNaN))
        {
            throw new UserErrorException(
                "The model's output is not a number: its weights are damaged or its training diverged. Use an "
                    + "earlier checkpoint."
            );
        }

        return new ForcedScore(ofTokens, positions.Count(position => correct[position]))
        {
            Attention = weights is null
                ? null
                :
                [
                    .. positions.Select(position =>
                        weights.AsSpan(position * batch.SourceLength, pair.Source.Length).ToArray()
                    ),
                ],
        };
    }

    private Tensor Rectangle(long[] ids, int rows, int length) =>
        tensor(ids, [rows, length], device: models[0].Embeddings.Source.device);
}

/// <summary>A model's score of a given output.</summary>
/// <param name="TokenLogProbabilities">
/// The natural logarithm of each token's probability given those before it, the end mark last.
/// </param>
/// <param name="Correct">How many tokens are the model's own first choice.</param>
internal sealed record ForcedScore(float[] TokenLogProbabilities, int Correct)
{
    /// <summary>The output's log-probability.</summary>
    public double LogProbability => TokenLogProbabilities.Sum(value => (double)value);

    /// <summary>
    /// How much each token attended to each of the source's, <c>[tokens][source]</c>; null unless requested.
    /// </summary>
    public float[][]? Attention { get; init; }
}
