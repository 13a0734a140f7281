using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TransformerClinic.Kernels;

/// <summary>
/// A Bernoulli mask from a counter: element i is a hash of (key, number, i), so it depends neither on the order of
/// calls nor on the width of the processor's vectors, and can be computed again instead of being kept.
/// </summary>
internal readonly struct DropoutMask
{
    private readonly uint _start;
    private readonly uint _stride;
    private readonly uint _threshold;
    private readonly float _kept;

    /// <summary>
    /// Mask number <paramref name="number"/> of a pass. An element is 0 with probability <paramref name="p"/>,
    /// otherwise 1/(1-p).
    /// </summary>
    public DropoutMask(ulong key, uint number, double p)
    {
        var seed = Mix(key + (0x9E3779B97F4A7C15UL * number));
        (_start, _stride) = ((uint)seed, (uint)(seed >> 32) | 1);
        _threshold = (uint)Math.Min(p * 4294967296.0, uint.MaxValue);
        _kept = (float)(1 / (1 - p));
    }

    /// <summary>Element 0 before it is hashed.</summary>
    public uint Start => _start;

    /// <summary>How much more each element is than the one before it, before they are hashed; odd.</summary>
    public uint Stride => _stride;

    /// <summary>An element whose hash is below is 0.</summary>
    public uint Threshold => _threshold;

    /// <summary>What the other elements are.</summary>
    public float Kept => _kept;

    /// <summary>Elements i to i + 15.</summary>
    public Vector512<float> At(uint i)
    {
        var counter =
            Vector512.Create(unchecked(_start + (i * _stride))) + (Vector512<uint>.Indices * Vector512.Create(_stride));
        var keep = Vector512.GreaterThanOrEqual(Hash(counter), Vector512.Create(_threshold));
        return Vector512.BitwiseAnd(keep.AsSingle(), Vector512.Create(_kept));
    }

    /// <summary>Fills with the elements from the first.</summary>
    public void Fill(Span<float> mask)
    {
        var vectors = MemoryMarshal.Cast<float, Vector512<float>>(mask);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = At((uint)(i * Vector512<float>.Count));
        }

        var whole = vectors.Length * Vector512<float>.Count;
        var last = At((uint)whole);
        for (var i = whole; i < mask.Length; i++)
        {
            mask[i] = last[i - whole];
        }
    }

    /// <summary>The 32-bit finalizer "lowbias32" (Chris Wellons, hash-prospector, public domain constants).</summary>
    private static Vector512<uint> Hash(Vector512<uint> x)
    {
        x ^= x >>> 16;
        x *= Vector512.Create(0x7feb352dU);
        x ^= x >>> 15;
        x *= Vector512.Create(0x846ca68bU);
        return x ^ (x >>> 16);
    }

    /// <summary>The finalizer of splitmix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
