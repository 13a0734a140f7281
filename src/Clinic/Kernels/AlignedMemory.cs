using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TransformerClinic.Kernels;

/// <summary>
/// Numbers that do not move and begin with a line of the processor's cache; zeros at first. They live as long as
/// somebody holds this.
/// </summary>
internal sealed unsafe class AlignedMemory<T>
    where T : unmanaged
{
    private const int CacheLine = 64;
    private readonly byte[] _bytes;

    /// <summary>Room for this many numbers.</summary>
    public AlignedMemory(long length)
    {
        _bytes = GC.AllocateArray<byte>(checked((int)((length * sizeof(T)) + CacheLine)), pinned: true);
        var first = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
        Start = (T*)((first + CacheLine - 1) & ~(nuint)(CacheLine - 1));
    }

    /// <summary>The first number.</summary>
    public T* Start { get; }
}
