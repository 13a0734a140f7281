using TransformerClinic.Kernels;
using TransformerClinic.Residuals;
using TransformerClinic.Residuals.Remedies;

namespace TransformerClinic.Decoding.Packed;

/// <summary>
/// A residual connection by its equation, <c>after(s * x + b * inner(f(before(x))))</c>. The branch's factor b is in
/// <c>inner</c> if there is one, otherwise in the branch's last matrix. What there is next to the stream, where an
/// equation has it, is in the workspace.
/// </summary>
internal sealed unsafe class PackedConnection
{
    private readonly PackedNorm? _readOfSum;
    private readonly PackedNorm? _before;
    private readonly PackedNorm? _inner;
    private readonly PackedNorm? _after;
    private readonly AlignedMemory<float>? _shortcutScale;
    private readonly bool _beginsLayer;
    private readonly bool _addsLayerInput;
    private readonly float? _sumScale;
    private readonly PackedHistory? _history;
    private readonly PackedStreams? _streams;

    /// <summary>The connection as its parameters are now; one that is <see cref="Serves">served</see>.</summary>
    public PackedConnection(ResidualConnection residual)
    {
        var form = residual.Form!;
        var (shortcut, branch) = (form.Shortcut.Values(residual.Dim), form.Branch.Values(residual.Dim));
        double[] one = [.. branch.Select(_ => 1.0)];
        _readOfSum = PackedNorm.Of(form.Sum?.Read, one);
        _before = PackedNorm.Of(form.Before, one);
        _inner = PackedNorm.Of(form.Inner, branch);
        _after = PackedNorm.Of(form.After, one);
        _shortcutScale = shortcut.All(channel => channel == 1)
            ? null
            : WeightPacking.Vector(Array.ConvertAll(shortcut, channel => (float)channel));
        BranchScale = form.Inner is null ? branch : null;
        (_beginsLayer, _addsLayerInput, _sumScale) = (form.BeginsLayer, form.AddsLayerInput, (float?)form.Sum?.Scale);
        (_history, _streams) = (PackedHistory.Of(form.History, one), PackedStreams.Of(form.Streams, one));
    }

    /// <summary>The connection <c>after(s * x + f(before(x)))</c>, by its numbers.</summary>
    /// <param name="before">The normalization of the branch's input; null for none.</param>
    /// <param name="after">The normalization of the sum; null for none.</param>
    /// <param name="scale">s, a factor of each channel; null for <paramref name="constant"/>.</param>
    /// <param name="constant">s, where it is the same for all.</param>
    public PackedConnection(PackedNorm? before, PackedNorm? after, float[]? scale, double constant)
    {
        (_before, _after) = (before, after);
        var shortcut = scale ?? (constant == 1 ? null : [.. Enumerable.Repeat((float)constant, after!.Dim)]);
        _shortcutScale =
            shortcut is null || shortcut.All(channel => channel == 1) ? null : WeightPacking.Vector(shortcut);
    }

    /// <summary>What the channels of the branch's output are multiplied by, for its last matrix; null for 1.</summary>
    public IReadOnlyList<double>? BranchScale { get; }

    /// <summary>Whether a connection has an equation, and only normalizations that the kernel computes.</summary>
    public static bool Serves(ResidualConnection residual) =>
        residual.Form is { } form && form.Norms.All(norm => NormKinds.Include(norm.Module));

    /// <summary>
    /// The branch's input, from the stream, and from the sum where it reads that, too; or from the streams.
    /// </summary>
    public float* Begin(Workspace work, int rows)
    {
        _streams?.Read(work, rows);
        if (_beginsLayer)
        {
            ElementwiseRow.Copy(work.Stream, rows * work.Dim, work.LayerInput);
        }

        var read = work.Nothing;
        if (_readOfSum is not null)
        {
            read = work.Input;
            _readOfSum.Apply(work.Sum, work.Nothing, null, read, rows, work);
        }

        if (_before is not null)
        {
            _before.Apply(work.Stream, read, null, work.Input, rows, work);
            return work.Input;
        }

        if (_readOfSum is null)
        {
            return work.Stream;
        }

        ElementwiseRow.Add(work.Input, work.Stream, rows * work.Dim);
        return work.Input;
    }

    /// <summary>The stream, from itself and the branch's output.</summary>
    public void End(Workspace work, int rows)
    {
        if (_streams is not null)
        {
            _streams.Write(work, rows);
            return;
        }

        Combine(work, rows);
        _history?.Apply(work, rows);
    }

    private void Combine(Workspace work, int rows)
    {
        _inner?.Apply(work.Branch, work.Nothing, null, work.Branch, rows, work);
        if (_sumScale is { } scale)
        {
            ElementwiseRow.Scale(work.Branch, scale, rows * work.Dim, work.Input);
            ElementwiseRow.Add(work.Sum, work.Input, rows * work.Dim);
        }

        if (_addsLayerInput)
        {
            ElementwiseRow.Add(work.Branch, work.LayerInput, rows * work.Dim);
        }

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
