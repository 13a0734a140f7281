using TransformerClinic.Kernels;
using TransformerClinic.Residuals.Remedies;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// What the last sublayer of a layer does where layers read all layers before them: the layer's output is kept in the
/// workspace, and the stream becomes the weighted sum of what is kept.
/// </summary>
internal sealed unsafe class PackedHistory
{
    private readonly PackedNorm? _stored;
    private readonly PackedNorm? _mixed;
    private readonly float[] _weights;

    private PackedHistory(LayerHistory history, double[] weights, double[] one)
    {
        (_stored, _mixed) = (PackedNorm.Of(history.Stored, one), PackedNorm.Of(history.Mixed, one));
        _weights = Array.ConvertAll(weights, weight => (float)weight);
    }

    /// <summary>
    /// A connection's as its parameters are now; null where it has none, or is not the last of a layer.
    /// </summary>
    /// <param name="history">Of the connection.</param>
    /// <param name="one">1 for each channel.</param>
    public static PackedHistory? Of(LayerHistory? history, double[] one) =>
        history?.WeightValues() is { } weights ? new PackedHistory(history, weights, one) : null;

    /// <summary>The stream that the next layer reads, of the layer's output in its place.</summary>
    public void Apply(Workspace work, int rows)
    {
        var length = rows * work.Dim;
        var newest = work.Kept(_weights.Length - 1);
        if (_stored is null)
        {
            ElementwiseRow.Copy(work.Stream, length, newest);
        }
        else
        {
            _stored.Apply(work.Stream, work.Nothing, null, newest, rows, work);
        }

        ElementwiseRow.Scale(work.Kept(0), _weights[0], length, work.Stream);
        for (var layer = 1; layer < _weights.Length; layer++)
        {
            ElementwiseRow.AddScaled(work.Stream, work.Kept(layer), _weights[layer], length);
        }

        _mixed?.Apply(work.Stream, work.Nothing, null, work.Stream, rows, work);
    }
}
