using System.Numerics;
using System.Runtime.InteropServices;

namespace TransformerClinic.Model;

/// <summary>
/// Bernoulli masks from a counter: element i of a mask is a hash of (key, mask, i), so it depends neither on the order of
/// calls nor on the width of the processor's vectors.
/// </summary>
internal static class DropoutMask
{
    /// <summary>Fills with <c>1/(1-p)</c> where the element is kept and 0 where it is dropped.</summary>
    public static void Fill(Span<float> mask, ulong key, uint number, double p)
    {
        var seed = Mix(key + (0x9E3779B97F4A7C15UL * number));
        var (low, high) = ((uint)seed, (uint)(seed >> 32) | 1);
        var threshold = (uint)Math.Min(p * 4294967296.0, uint.MaxValue);
        var kept = (float)(1 / (1 - p));

        var width = Vector<uint>.Count;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(mask);
        var counter = Vector.Create(low) + (Vector<uint>.Indices * high);
        var stride = Vector.Create(unchecked((uint)width * high));
        var (limit, scale) = (Vector.Create(threshold), Vector.Create(kept));
        for (var i = 0; i < vectors.Length; i++)
        {
            var keep = Vector.GreaterThanOrEqual(Hash(counter), limit);
            vectors[i] = Vector.ConditionalSelect(keep.As<uint, float>(), scale, Vector<float>.Zero);
            counter += stride;
        }

        for (var i = vectors.Length * width; i < mask.Length; i++)
        {
            var element = Hash(Vector.Create(unchecked(low + ((uint)i * high))))[0];
            mask[i] = element >= threshold ? kept : 0;
        }
    }

    /// <summary>The 32-bit finaliser "lowbias32" (Chris Wellons, hash-prospector, public domain constants).</summary>
    private static Vector<uint> Hash(Vector<uint> x)
    {
        x ^= x >>> 16;
        x *= Vector.Create(0x7feb352dU);
        x ^= x >>> 15;
        x *= Vector.Create(0x846ca68bU);
        return x ^ (x >>> 16);
    }

    /// <summary>The finaliser of splitmix64 (Steele, Lea, Flood 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
