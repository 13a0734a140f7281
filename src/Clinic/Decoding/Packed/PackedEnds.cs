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

    private PackedEnds(
        Tensor? inputScale,
        nn.Module<Tensor, Tensor>? inputNorm,
        Residuals.BranchSum? sum,
        nn.Module<Tensor, Tensor>? norm,
        int dim
    )
    {
        _inputScale = inputScale is null ? null : WeightPacking.Vector(inputScale);
        _inputNorm = inputNorm is null ? null : new PackedNorm(inputNorm);
        _norm = norm is null ? null : new PackedNorm(norm);
        double[] one = [.. Enumerable.Repeat(1.0, dim)];
        (_sumScale, _sumNorm) = ((float?)sum?.Scale, PackedNorm.Of(sum?.End, one));
    }

    /// <summary>A stack's ends as its parameters are now.</summary>
    public static PackedEnds Of<TLayer>(StackOfLayers<TLayer> stack)
        where TLayer : nn.Module, ILayer =>
        new(
            stack.InputScale,
            stack.InputNorm,
            stack.Residuals.Last().Form!.Sum,
            stack.FinalNorm,
            (int)stack.Residuals.Last().Dim
        );

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
