using TransformerClinic.Model;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A layer of <see cref="PackedDecoder"/>: attention to itself and to the source, each with its residual connection,
/// and feed-forward.
/// </summary>
internal sealed unsafe class PackedDecoderLayer
{
    private readonly PackedConnection _selfConnection;
    private readonly PackedAttention _self;
    private readonly PackedConnection _crossConnection;
    private readonly PackedAttention _cross;
    private readonly PackedFeedForward _feedForward;

    /// <summary>A model's layer of this number, from 0.</summary>
    public PackedDecoderLayer(IModelParts parts, int layer, DecodingPrecision precision)
    {
        var self = new SublayerAddress(StackName.Decoder, layer, SublayerKind.SelfAttention);
        var cross = self with { Kind = SublayerKind.CrossAttention };
        _selfConnection = parts.Connection(self);
        _self = new PackedAttention(parts, self, precision, _selfConnection.BranchScale);
        _crossConnection = parts.Connection(cross);
        _cross = new PackedAttention(parts, cross, precision, _crossConnection.BranchScale);
        _feedForward = new PackedFeedForward(parts, self with { Kind = SublayerKind.FeedForward }, precision);
    }

    /// <summary>Keys and values <c>[tokens, 2 dim]</c> of the encoder's output <c>[tokens, dim]</c>.</summary>
    public void ProjectMemory(float* output, int tokens, float* memory) => _cross.ProjectMemory(output, tokens, memory);

    /// <summary>The stream of one more token of each hypothesis, sources one after another.</summary>
    /// <param name="layer">The layer's number, from 0.</param>
    /// <param name="work">Holds the stream.</param>
    /// <param name="caches">Of each source; the layer's keys and values of the new tokens are put there.</param>
    /// <param name="hypotheses">Of each source.</param>
    /// <param name="memory">What <see cref="ProjectMemory"/> filled.</param>
    public void Step(int layer, Workspace work, IReadOnlyList<SourceCache> caches, int hypotheses, float* memory)
    {
        AttendToSelf(layer, work, caches, hypotheses);
        AttendToMemory(work, caches, hypotheses, memory);
        _feedForward.Apply(work, caches.Count * hypotheses);
    }

    private void AttendToSelf(int layer, Workspace work, IReadOnlyList<SourceCache> caches, int hypotheses)
    {
        var rows = caches.Count * hypotheses;
        var (stride, row) = (3L * work.Dim, 0);
        _self.Project(_selfConnection.Begin(work, rows), rows, work.Wide);
        foreach (var cache in caches)
        {
            cache.Store(layer, work.Wide + (row * stride) + work.Dim, stride);
            for (var hypothesis = 0; hypothesis < hypotheses; hypothesis++, row++)
            {
                _self.Attend(
                    work.Wide + (row * stride),
                    cache.Past(layer),
                    2L * work.Dim,
                    cache.Ancestors(hypothesis),
                    work.Context + ((long)row * work.Dim)
                );
            }
        }

        _self.Output(work, rows);
        _selfConnection.End(work, rows);
    }

    private void AttendToMemory(Workspace work, IReadOnlyList<SourceCache> caches, int hypotheses, float* memory)
    {
        var (rows, row) = (caches.Count * hypotheses, 0L);
        _cross.Project(_crossConnection.Begin(work, rows), rows, work.Wide);
        foreach (var cache in caches)
        {
            for (var hypothesis = 0; hypothesis < hypotheses; hypothesis++, row++)
            {
                _cross.Attend(
                    work.Wide + (row * work.Dim),
                    memory,
                    2L * work.Dim,
                    cache.Source,
                    work.Context + (row * work.Dim)
                );
            }
        }

        _cross.Output(work, rows);
        _crossConnection.End(work, rows);
    }
}
