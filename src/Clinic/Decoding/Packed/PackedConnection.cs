using TorchSharp.Modules;
using TransformerClinic.Kernels;
using TransformerClinic.Residuals;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A residual connection of any variant: <c>LN(x * s + f(x))</c>, or <c>x + f(LN(x))</c>, or without any normalisation.
/// A factor of the branch, where the variant has one, is in the branch's last matrix.
/// </summary>
internal sealed unsafe class PackedConnection
{
    private readonly PackedNorm? _before;
    private readonly PackedNorm? _after;
    private readonly AlignedMemory<float>? _shortcutScale;

    /// <summary>The connection as its parameters are now.</summary>
    public PackedConnection(ResidualConnection residual)
    {
        switch (residual)
        {
            case PostNormResidual post:
                var scale = post.ShortcutScale();
                _after = new PackedNorm((LayerNorm)post.Norm);
                _shortcutScale = scale.All(channel => channel == 1)
                    ? null
                    : WeightPacking.Vector(Array.ConvertAll(scale, channel => (float)channel));
                BranchScale = post.BranchScale();
                break;
            case PreLnResidual pre:
                _before = new PackedNorm((LayerNorm)pre.Norm);
                break;
            case RezeroResidual rezero:
                BranchScale = rezero.Alpha.item<float>();
                break;
            default:
                throw new InvalidOperationException($"The residual connection {residual.GetType().Name} is not known.");
        }
    }

    /// <summary>What the branch's output is multiplied by, for its last matrix.</summary>
    public double BranchScale { get; } = 1;

    /// <summary>The branch's input, from the stream.</summary>
    public float* Begin(Workspace work, int rows)
    {
        if (_before is null)
        {
            return work.Stream;
        }

        _before.Apply(work.Stream, work.Nothing, null, work.Input, rows, work);
        return work.Input;
    }

    /// <summary>The stream, from itself and the branch's output.</summary>
    public void End(Workspace work, int rows)
    {
        if (_after is null)
        {
            ElementwiseRow.Add(work.Stream, work.Branch, rows * work.Dim);
        }
        else
        {
            _after.Apply(work.Stream, work.Branch, _shortcutScale, work.Stream, rows, work);
        }
    }
}
