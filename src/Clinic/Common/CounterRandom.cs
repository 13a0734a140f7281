using System.Text;

namespace TransformerClinic.Common;

/// <summary>
/// Random numbers as a pure function of (seed, purpose, position): evaluating, logging or building a loader never moves
/// another stream. Mixing is splitmix64's finalizer (Steele, Lea and Flood 2014).
/// </summary>
internal static class CounterRandom
{
    internal const ulong Golden = 0x9E3779B97F4A7C15UL;

    /// <summary>The number at a position of the stream identified by a seed and a purpose.</summary>
    public static ulong At(long seed, string purpose, long position)
    {
        var stream = Mix(unchecked((ulong)seed + Golden));
        foreach (var value in Encoding.UTF8.GetBytes(purpose))
        {
            stream = Mix((stream ^ value) + Golden);
        }

        return Mix(stream + (unchecked((ulong)position + 1) * Golden));
    }

    /// <summary>A permutation of <c>0 .. count-1</c> (Fisher-Yates).</summary>
    public static int[] Permutation(int count, long seed, string purpose, long position)
    {
        var order = new int[count];
        var stream = At(seed, purpose, position);
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        for (var i = count - 1; i > 0; i--)
        {
            // The upper half of a 64 x 64 bit product maps the number to 0..i without a visible bias.
            var j = (int)Math.BigMul(Mix(stream + ((ulong)i * Golden)), (ulong)(i + 1), out _);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>A number of 64 random bits as one that is even over [0, 1).</summary>
    public static double Unit(ulong bits) => (bits >> 11) * (1.0 / (1L << 53));

    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
