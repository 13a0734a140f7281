using TransformerClinic.Data;
using TransformerClinic.Model;

namespace TransformerClinic.Bench.Training;

/// <summary>
/// Floating-point operations of one update, counting only matrix products, each multiplication and each addition: <c>3
/// * forward</c>, because the backward pass has two products for each of the forward's. With S source and T target
/// positions (padding included), N real target tokens, width d, feed-forward width f and vocabulary V the forward pass
/// takes <c>2 S (4 d^2 + 2 d f)</c> per encoder layer, <c>2 T (6 d^2 + 2 d f) + 2 S 2 d^2</c> per decoder layer, <c>4 d
/// sum_rows(q k)</c> per attention with q queries and k keys per row, and <c>2 N d V</c> for the logits.
/// </summary>
internal static class FloatingPointOperations
{
    public static double OfUpdate(ModelOptions model, int vocabulary, Batch batch)
    {
        double d = model.Dim,
            f = model.FeedForwardDim,
            rows = batch.Size,
            s = batch.SourceLength,
            t = batch.TargetLength;
        var encoderLayer = (2 * rows * s * ((4 * d * d) + (2 * d * f))) + (4 * d * rows * s * s);
        var decoderLayer =
            (2 * rows * t * ((6 * d * d) + (2 * d * f)))
            + (2 * rows * s * 2 * d * d)
            + (4 * d * rows * ((t * t) + (t * s)));
        return 3
            * (
                (model.Encoder.Layers * encoderLayer)
                + (model.Decoder.Layers * decoderLayer)
                + (2 * d * batch.TargetTokens * vocabulary)
            );
    }
}
