using TransformerClinic.Kernels;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// What a stack does before its first layer and after its last, where it does anything: a scale of its input's
/// channels, a normalization of its input, the beginning and the end of a sum of branches, a normalization.
/// </summary>
internal sealed unsafe class PackedEnds
{
    private readonly AlignedMemory<float>? _inputScale;
    private readonly PackedNorm? _inputNorm;
    private readonly float? _sumScale;
    private readonly PackedNorm? _sumNorm;
    private readonly PackedNorm? _norm;

    /// <summary>A stack's ends by their numbers; null for what it does not have.</summary>
    /// <param name="inputScale">The scale of the input's channels.</param>
    /// <param name="inputNorm">The normalization of the input.</param>
    /// <param name="sumScale">The scale of the sum of branches.</param>
    /// <param name="sumNorm">The normalization of that sum.</param>
    /// <param name="norm">The normalization at the end.</param>
    public PackedEnds(
        WeightMemory? inputScale,
        PackedNorm? inputNorm,
        float? sumScale,
        PackedNorm? sumNorm,
        PackedNorm? norm
    )
    {
        _inputScale = inputScale is null ? null : WeightPacking.Vector(inputScale.Values);
        (_inputNorm, _sumScale, _sumNorm, _norm) = (inputNorm, sumScale, sumNorm, norm);
    }

    /// <summary>A stack's ends as its parameters are now.</summary>
    public static PackedEnds Of<TLayer>(StackOfLayers<TLayer> stack)
        where TLayer : nn.Module, ILayer
    {
        var last = stack.Residuals.Last();
        var (sum, one) = (last.Form!.Sum, Enumerable.Repeat(1.0, (int)last.Dim).ToArray());
        return new PackedEnds(
            stack.InputScale is { } scale ? WeightMemory.Of(scale) : null,
            stack.InputNorm is { } first ? PackedNorm.Of(first) : null,
            (float?)sum?.Scale,
            PackedNorm.Of(sum?.End, one),
            stack.FinalNorm is { } end ? PackedNorm.Of(end) : null
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
        if (_sumScale is { } scale)
        {
            ElementwiseRow.Scale(work.Stream, scale, rows * work.Dim, work.Sum);
        }
    }

    /// <summary>The stack's output.</summary>
    public void Finish(Workspace work, int rows)
    {
        if (_sumScale is not null)
        {
            _sumNorm?.Apply(work.Sum, work.Nothing, null, work.Sum, rows, work);
            ElementwiseRow.Add(work.Stream, work.Sum, rows * work.Dim);
        }

        _norm?.Apply(work.Stream, work.Nothing, null, work.Stream, rows, work);
    }
}
