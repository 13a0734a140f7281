using System.Runtime.InteropServices;

namespace TransformerClinic.Kernels;

/// <summary>
/// Numbers that do not move and begin with a line of the processor's cache, for what is computed and thrown away: not
/// cleared at first, and given back when this is disposed. <see cref="AlignedMemory{T}"/> is for what stays.
/// </summary>
internal sealed unsafe class ScratchMemory<T> : IDisposable
    where T : unmanaged
{
    private const int CacheLine = 64;
    private T* _start;

    /// <summary>Room for this many numbers.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public ScratchMemory(long length)
    {
        Length = length;
        _start = (T*)NativeMemory.AlignedAlloc(checked((nuint)(length * sizeof(T))), CacheLine);
    }

    /// <summary>Gives back what nobody disposed, as after an exception.</summary>
    ~ScratchMemory() => Free();

    /// <summary>The first number.</summary>
    public T* Start => _start;

    /// <summary>Numbers there is room for.</summary>
    public long Length { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_start);
        _start = null;
    }
}
