using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary><see cref="HeadNorms"/> with packed weights.</summary>
internal sealed unsafe class PackedHeadNorms(HeadNorms norms)
{
    private readonly PackedNorm _query = PackedNorm.Of(norms.Query);
    private readonly PackedNorm _key = PackedNorm.Of(norms.Key);
    private readonly PackedNorm _value = PackedNorm.Of(norms.Value);

    /// <summary>The queries of rows that are <paramref name="stride"/> numbers apart, in their places.</summary>
    public void ApplyToQueries(float* queries, int heads, long stride, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            _query.Apply(queries + (row * stride), heads);
        }
    }

    /// <summary>Keys, and values behind them, of such rows.</summary>
    public void ApplyToKeyValues(float* keyValues, int heads, long stride, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            _key.Apply(keyValues + (row * stride), heads);
            _value.Apply(keyValues + (row * stride) + (heads * _key.Dim), heads);
        }
    }
}
