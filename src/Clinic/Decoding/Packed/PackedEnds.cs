using TransformerClinic.Kernels;
using TransformerClinic.Model;
using static TorchSharp.torch;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// What a stack does before its first layer and after its last: a scale of its input's channels, and a normalization,
/// where it has them.
/// </summary>
internal sealed unsafe class PackedEnds
{
    private readonly AlignedMemory<float>? _inputScale;
    private readonly PackedNorm? _norm;

    private PackedEnds(Tensor? inputScale, TorchSharp.Modules.LayerNorm? norm) =>
        (_inputScale, _norm) = (
            inputScale is null ? null : WeightPacking.Vector(inputScale),
            norm is null ? null : new PackedNorm(norm)
        );

    /// <summary>A stack's ends as its parameters are now.</summary>
    public static PackedEnds Of<TLayer>(StackOfLayers<TLayer> stack)
        where TLayer : nn.Module, ILayer => new(stack.InputScale, stack.FinalNorm);

    /// <summary>The first layer's input.</summary>
    public void Begin(Workspace work, int rows)
    {
        for (var row = 0; row < rows && _inputScale is not null; row++)
        {
            ElementwiseRow.Multiply(work.Stream + ((long)row * work.Dim), _inputScale.Start, work.Dim);
        }
    }

    /// <summary>The stack's output.</summary>
    public void Finish(Workspace work, int rows) =>
        _norm?.Apply(work.Stream, work.Nothing, null, work.Stream, rows, work);
}
