using CsCheck;
using TransformerClinic.Kernels;

namespace TransformerClinic.Tests.Kernels;

public class DropoutMaskTests
{
    [Fact]
    public void A_mask_is_the_same_whatever_the_width_of_the_processors_vectors() =>
        Gen.Select(Gen.Int[0, 300], Gen.ULong, Gen.UInt[1, 100_000], Gen.Double[0, 0.99])
            .Sample(
                (length, key, number, p) =>
                    Assert.Equal(ElementByElement(length, key, number, p), Mask(length, key, number, p))
            );

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void Elements_are_dropped_at_the_rate_asked_for_and_the_mean_is_one(double p)
    {
        const int count = 1_000_000;
        var mask = Mask(count, key: 11, number: 1, p);
        var deviation = Math.Sqrt(p * (1 - p) / count);
        Assert.Equal(p, mask.Count(value => value == 0) / (double)count, 5 * deviation);
        Assert.Equal(1, mask.Average(value => (double)value), 5 * deviation / (1 - p));
        Assert.All(mask, value => Assert.True(value == 0 || value == (float)(1 / (1 - p))));
    }

    [Fact]
    public void Each_element_is_dropped_at_the_same_rate_over_many_masks()
    {
        const int masks = 4000;
        var kept = new int[37];
        for (var number = 1u; number <= masks; number++)
        {
            var mask = Mask(kept.Length, key: 5, number, 0.5);
            for (var i = 0; i < kept.Length; i++)
            {
                kept[i] += mask[i] == 0 ? 0 : 1;
            }
        }

        Assert.All(kept, count => Assert.Equal(0.5, count / (double)masks, 5 * Math.Sqrt(0.25 / masks)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    public void Neighbours_are_independent(int distance)
    {
        var mask = Mask(200_000, key: 9, number: 3, 0.5);
        var both = Enumerable.Range(0, mask.Length - distance).Count(i => mask[i] > 0 && mask[i + distance] > 0);
        Assert.Equal(0.25, both / (double)(mask.Length - distance), 5 * Math.Sqrt(0.25 * 0.75 / mask.Length));
    }

    [Fact]
    public void Key_and_number_decide_the_mask()
    {
        var mask = Mask(1000, key: 1, number: 1, 0.5);
        Assert.Equal(mask, Mask(1000, key: 1, number: 1, 0.5));
        foreach (
            var (key, number) in new (ulong, uint)[] { (1, 2), (2, 1), (0x9E3779B97F4A7C16, 1), (ulong.MaxValue, 1) }
        )
        {
            var agree = mask.Zip(Mask(1000, key, number, 0.5)).Count(pair => pair.First == pair.Second);
            Assert.Equal(500, agree, 5 * Math.Sqrt(250));
        }
    }

    private static float[] Mask(int length, ulong key, uint number, double p)
    {
        var mask = new float[length];
        new DropoutMask(key, number, p).Fill(mask);
        return mask;
    }

    /// <summary>The definition, one element at a time.</summary>
    private static float[] ElementByElement(int length, ulong key, uint number, double p)
    {
        var seed = SplitMix(unchecked(key + (0x9E3779B97F4A7C15UL * number)));
        var (start, stride) = ((uint)seed, (uint)(seed >> 32) | 1);
        return
        [
            .. Enumerable
                .Range(0, length)
                .Select(i =>
                    LowBias(unchecked(start + ((uint)i * stride))) < (uint)(p * 4294967296.0) ? 0 : (float)(1 / (1 - p))
                ),
        ];
    }

    private static uint LowBias(uint x)
    {
        unchecked
        {
            x ^= x >> 16;
            x *= 0x7feb352dU;
            x ^= x >> 15;
            x *= 0x846ca68bU;
            return x ^ (x >> 16);
        }
    }

    private static ulong SplitMix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
