using System.Runtime.InteropServices;
using TorchSharp;
using TransformerClinic.Kernels;
using static TorchSharp.torch;

namespace TransformerClinic.Model;

/// <summary>
/// Dropout for a whole model. Masks are a pure function of (key, number of the mask within the pass, element), so a
/// pass can be repeated exactly and nothing else moves the stream; on the processor all masks of a pass are in one
/// reused buffer, and devices make their own, with the same bits.
/// </summary>
/// <remarks>
/// <c>Apply(x, p) = x * m / (1 - p)</c>, <c>m</c> Bernoulli(1 - p). libtorch's own masks are drawn by one thread from
/// one global generator, which costs up to a quarter of a step.
/// </remarks>
internal sealed class Dropout : IDisposable
{
    private readonly MasksByOperators _operators = new();
    private Tensor _buffer = empty(0).DetachFromDisposeScope();
    private long _used;
    private long _wanted;
    private DropoutPass? _pass;

    /// <summary>Whether dropout is on.</summary>
    public bool Active => _pass is not null;

    /// <summary>
    /// Whether the model computes on the processor, too, as it does on other devices: by libtorch's operators, without
    /// kernels of ours. To compare the two.
    /// </summary>
    internal bool ByOperators { get; set; }

    /// <summary>The pass that is on; null outside one.</summary>
    internal DropoutPass? Pass => _pass;

    /// <summary>
    /// Starts a pass with dropout on. Masks handed out before must no longer be needed: finish the backward pass first.
    /// </summary>
    public void Begin(ulong key) => Continue(new DropoutPass(key));

    /// <summary>
    /// Continues a pass, so that passes may take turns. Masks handed out before must no longer be needed.
    /// </summary>
    public void Continue(DropoutPass pass)
    {
        _pass = pass;
        _used = 0;
        if (_wanted > _buffer.numel())
        {
            _buffer.Dispose();
            _buffer = empty(_wanted + (_wanted / 4)).DetachFromDisposeScope();
        }

        _wanted = 0;
    }

    /// <summary>Ends the pass: dropout is off until the next <see cref="Begin"/>.</summary>
    public void End() => _pass = null;

    /// <summary>
    /// <paramref name="x"/> with each element zeroed with probability <paramref name="p"/> and the others scaled by
    /// <c>1/(1-p)</c>.
    /// </summary>
    public Tensor Apply(Tensor x, double p)
    {
        if (_pass is null || p == 0)
        {
            return x;
        }

        using var mask = NextMask(_pass, x, p);
        return x * mask;
    }

    /// <summary>The next mask, for a kernel that applies it by itself; null while dropout is off.</summary>
    internal DropoutMask? Next(double p) =>
        _pass is null || p == 0 ? null : new DropoutMask(_pass.Key, _pass.NextMask(), p);

    /// <summary>Whether kernels of ours may compute with a tensor: it is in the processor's memory.</summary>
    internal bool UsesKernels(Tensor tensor) => tensor.device_type == DeviceType.CPU && !ByOperators;

    /// <summary>Keeps the gradients of this model's kernels while libtorch takes them.</summary>
    internal GradientHandover Handover { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffer.Dispose();
        _operators.Dispose();
        Handover.Dispose();
    }

    /// <summary>
    /// Until the result is disposed, masks are those of <paramref name="pass"/> (none for null), and nobody needs them
    /// afterwards: their memory is lent.
    /// </summary>
    internal IDisposable BeginInterlude(DropoutPass? pass)
    {
        var interlude = new Interlude(this, _pass, _used);
        _pass = pass;
        return interlude;
    }

    private Tensor NextMask(DropoutPass pass, Tensor like, double p)
    {
        if (!UsesKernels(like))
        {
            return _operators.Make(new DropoutMask(pass.Key, pass.NextMask(), p), like);
        }

        var count = like.numel();
        _wanted = Math.Max(_wanted, _used + count);
        var mask = _used + count <= _buffer.numel() ? _buffer.narrow(0, _used, count) : empty(count);
        new DropoutMask(pass.Key, pass.NextMask(), p).Fill(MemoryMarshal.Cast<byte, float>(mask.bytes));
        _used += is_grad_enabled() ? count : 0; // without gradients nobody needs a mask that has been applied
        var shaped = mask.view(like.shape);
        return like.dtype == ScalarType.Float32 ? shaped : shaped.to(like.dtype);
    }

    private sealed class Interlude(Dropout dropout, DropoutPass? before, long used) : IDisposable
    {
        public void Dispose() => (dropout._pass, dropout._used) = (before, used);
    }
}
