using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// The encoder with packed weights. Sources follow one another without padding: none is computed.
/// </summary>
internal sealed unsafe class PackedEncoder
{
    private readonly PackedEmbedding _embedding;
    private readonly PackedEnds _ends;
    private readonly PackedEncoderLayer[] _layers;

    /// <summary>A model's encoder with its embedding.</summary>
    public PackedEncoder(IModelParts parts, WeightMemory embedding, DecodingPrecision precision)
    {
        var options = parts.Options;
        _embedding = new PackedEmbedding(embedding, parts.Positions, options.Dim, zeroStart: false);
        _ends = parts.Ends(StackName.Encoder);
        _layers =
        [
            .. Enumerable
                .Range(0, options.Encoder.Layers)
                .Select(layer => new PackedEncoderLayer(parts, layer, precision)),
        ];
    }

    /// <summary>The encoder's output of all sources, in the workspace's stream: <c>[tokens, dim]</c>.</summary>
    public void Encode(IReadOnlyList<int[]> sources, Workspace work)
    {
        var rows = 0;
        foreach (var source in sources)
        {
            _embedding.Fill(source, 0, 1, work.Stream + ((long)rows * work.Dim));
            rows += source.Length;
        }

        _ends.Begin(work, rows);
        int[] places = [.. Enumerable.Range(0, sources.Max(source => source.Length))];
        foreach (var layer in _layers)
        {
            Attend(layer, sources, places, work, rows);
            layer.FeedForward.Apply(work, rows);
        }

        _ends.Finish(work, rows);
    }

    private static void Attend(
        PackedEncoderLayer layer,
        IReadOnlyList<int[]> sources,
        ReadOnlySpan<int> places,
        Workspace work,
        int rows
    )
    {
        layer.Attention.Project(layer.Connection.Begin(work, rows), rows, work.Wide);
        var (stride, first) = (3L * work.Dim, 0);
        foreach (var source in sources)
        {
            for (var row = first; row < first + source.Length; row++)
            {
                layer.Attention.Attend(
                    work.Wide + (row * stride),
                    work.Wide + (first * stride) + work.Dim,
                    stride,
                    places[..source.Length],
                    work.Context + ((long)row * work.Dim)
                );
            }

            first += source.Length;
        }

        layer.Attention.Output(work, rows);
        layer.Connection.End(work, rows);
    }
}
