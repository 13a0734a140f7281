using static TorchSharp.torch;

namespace TransformerClinic.Common;

/// <summary>
/// A few numbers that a device may still be computing. Reading them waits for the device, so whoever can does it late,
/// and once.
/// </summary>
internal sealed class DeviceNumbers
{
    private Tensor? _pending;
    private double[] _numbers = [];

    /// <summary>Numbers that are known.</summary>
    public DeviceNumbers(params double[] known) => _numbers = known;

    /// <summary>Numbers that are being computed, float64 <c>[n]</c>; they belong to their dispose scope.</summary>
    public DeviceNumbers(Tensor pending) => _pending = pending;

    /// <summary>One of the numbers; waits for the device the first time.</summary>
    public double this[int i] => Read()[i];

    /// <summary>
    /// The numbers; waits for the device the first time, while their dispose scope must still be open.
    /// </summary>
    public IReadOnlyList<double> Read()
    {
        if (_pending is { } pending)
        {
            using var onHost = pending.cpu();
            _numbers = [.. onHost.data<double>()];
            pending.Dispose();
            _pending = null;
        }

        return _numbers;
    }

    /// <summary>Leaves them to the dispose scope around the current one.</summary>
    public DeviceNumbers MoveToOuterDisposeScope()
    {
        _pending = _pending?.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>Leaves them to nobody but whoever reads them.</summary>
    public DeviceNumbers DetachFromDisposeScope()
    {
        _pending = _pending?.DetachFromDisposeScope();
        return this;
    }
}
