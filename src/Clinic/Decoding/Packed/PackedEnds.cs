using TransformerClinic.Kernels;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// What a stack does before its first layer and after its last, where it does anything: a scale of its input's
/// channels, a normalization of its input, the beginning and the end of a sum of branches, the beginning of what later
/// layers read or of streams and their end, a normalization.
/// </summary>
internal sealed unsafe class PackedEnds
{
    private readonly AlignedMemory<float>? _inputScale;
    private readonly PackedNorm? _inputNorm;
    private readonly float? _sumStart;
    private readonly PackedNorm? _entryNorm;
    private readonly PackedNorm? _sumNorm;
    private readonly PackedNorm? _norm;
    private readonly float? _historyStart;
    private readonly int _streams;

    /// <summary>A stack's ends by their numbers; null for what it does not have.</summary>
    /// <param name="inputScale">The scale of the input's channels.</param>
    /// <param name="inputNorm">The normalization of the input.</param>
    /// <param name="sumStart">What the sum of branches begins as, times the input.</param>
    /// <param name="entryNorm">The normalization of the stream once that sum has begun.</param>
    /// <param name="sumNorm">The normalization of that sum.</param>
    /// <param name="norm">The normalization at the end.</param>
    /// <param name="historyStart">
    /// What the first layer reads, times the input, where later layers read the input, too.
    /// </param>
    /// <param name="streams">How many streams there are in place of one; 0 for one.</param>
    public PackedEnds(
        WeightMemory? inputScale,
        PackedNorm? inputNorm,
        float? sumStart,
        PackedNorm? entryNorm,
        PackedNorm? sumNorm,
        PackedNorm? norm,
        float? historyStart = null,
        int streams = 0
    )
    {
        _inputScale = inputScale is null ? null : WeightPacking.Vector(inputScale.Values);
        (_inputNorm, _sumStart, _entryNorm, _sumNorm, _norm) = (inputNorm, sumStart, entryNorm, sumNorm, norm);
        (_historyStart, _streams) = (historyStart, streams);
    }

    /// <summary>A stack's ends as its parameters are now.</summary>
    public static PackedEnds Of<TLayer>(StackOfLayers<TLayer> stack)
        where TLayer : nn.Module, ILayer
    {
        var (first, last) = (stack.Residuals.First(), stack.Residuals.Last());
        var (start, one) = (first.Form!.Sum, Enumerable.Repeat(1.0, (int)last.Dim).ToArray());
        return new PackedEnds(
            stack.InputScale is { } scale ? WeightMemory.Of(scale) : null,
            stack.InputNorm is { } norm ? PackedNorm.Of(norm) : null,
            (float?)start?.Start,
            PackedNorm.Of(start?.Entry, one),
            PackedNorm.Of(last.Form!.Sum?.End, one),
            stack.FinalNorm is { } end ? PackedNorm.Of(end) : null,
            (float?)first.Form.History?.Start?.Values(1)[0],
            first.Form.Streams?.Count ?? 0
        );
    }

    /// <summary>The first layer's input.</summary>
    public void Begin(Workspace work, int rows)
    {
        for (var row = 0; row < rows && _inputScale is not null; row++)
        {
            ElementwiseRow.Multiply(work.Stream + ((long)row * work.Dim), _inputScale.Start, work.Dim);
        }

        _inputNorm?.Apply(work.Stream, work.Nothing, null, work.Stream, rows, work);
        if (_sumStart is { } start)
        {
            ElementwiseRow.Scale(work.Stream, start, rows * work.Dim, work.Sum);
            _entryNorm?.Apply(work.Stream, work.Nothing, null, work.Stream, rows, work);
        }

        if (_historyStart is { } share)
        {
            ElementwiseRow.Copy(work.Stream, rows * work.Dim, work.Kept(0));
            ElementwiseRow.Scale(work.Stream, share, rows * work.Dim, work.Stream);
        }

        PackedStreams.Begin(work, rows, _streams);
    }

    /// <summary>The stack's output.</summary>
    public void Finish(Workspace work, int rows)
    {
        if (_sumStart is not null)
        {
            _sumNorm?.Apply(work.Sum, work.Nothing, null, work.Sum, rows, work);
            ElementwiseRow.Add(work.Stream, work.Sum, rows * work.Dim);
        }

        PackedStreams.Finish(work, rows, _streams);
        _norm?.Apply(work.Stream, work.Nothing, null, work.Stream, rows, work);
    }
}
