using TransformerClinic.Kernels;
using TransformerClinic.Model;
using TransformerClinic.Residuals;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A residual connection by its equation, <c>after(s * x + b * inner(f(before(x))))</c>. The branch's factor b is in
/// <c>inner</c> if there is one, otherwise in the branch's last matrix.
/// </summary>
internal sealed unsafe class PackedConnection
{
    private readonly PackedNorm? _before;
    private readonly PackedNorm? _inner;
    private readonly PackedNorm? _after;
    private readonly AlignedMemory<float>? _shortcutScale;

    /// <summary>The connection as its parameters are now; one that is <see cref="Serves">served</see>.</summary>
    public PackedConnection(ResidualConnection residual)
    {
        var form = residual.Form!;
        var (shortcut, branch) = (form.Shortcut.Values(residual.Dim), form.Branch.Values(residual.Dim));
        double[] one = [.. branch.Select(_ => 1.0)];
        _before = PackedNorm.Of(form.Before, one);
        _inner = PackedNorm.Of(form.Inner, branch);
        _after = PackedNorm.Of(form.After, one);
        _shortcutScale = shortcut.All(channel => channel == 1)
            ? null
            : WeightPacking.Vector(Array.ConvertAll(shortcut, channel => (float)channel));
        BranchScale = form.Inner is null ? branch : null;
    }

    /// <summary>What the channels of the branch's output are multiplied by, for its last matrix; null for 1.</summary>
    public IReadOnlyList<double>? BranchScale { get; }

    /// <summary>Whether a connection has an equation, and only normalizations that the kernel computes.</summary>
    public static bool Serves(ResidualConnection residual) =>
        residual.Form is { } form
        && new[] { form.Before, form.Inner, form.After }.All(norm =>
            norm is null || NormalizedSumFunction.Serves(norm.Module)
        );

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
        _inner?.Apply(work.Branch, work.Nothing, null, work.Branch, rows, work);
        if (_after is not null)
        {
            _after.Apply(work.Stream, work.Branch, _shortcutScale, work.Stream, rows, work);
            return;
        }

        for (var row = 0; row < rows && _shortcutScale is not null; row++)
        {
            ElementwiseRow.Multiply(work.Stream + ((long)row * work.Dim), _shortcutScale.Start, work.Dim);
        }

        ElementwiseRow.Add(work.Stream, work.Branch, rows * work.Dim);
    }
}
