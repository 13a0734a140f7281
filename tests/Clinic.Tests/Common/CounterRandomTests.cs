using CsCheck;
using TransformerClinic.Common;

namespace TransformerClinic.Tests.Common;

public class CounterRandomTests
{
    /// <summary>
    /// The first numbers of splitmix64 with seed 1234567, as published with the algorithm's test programs.
    /// </summary>
    [Fact]
    public void Mixing_is_that_of_splitmix64() =>
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable
                .Range(1, 5)
                .Select(i => CounterRandom.Mix(unchecked(1234567UL + ((ulong)i * 0x9E3779B97F4A7C15UL))))
        );

    /// <summary>
    /// Computed with another program from the same equations: runs of any version and system see these numbers.
    /// </summary>
    [Fact]
    public void Numbers_and_orders_stay_the_same()
    {
        Assert.Equal(8951967447461650269UL, CounterRandom.At(1, "examples", 0));
        Assert.Equal(5992353588945205645UL, CounterRandom.At(-1, "dropout", 7));
        Assert.Equal(4592611640955479310UL, CounterRandom.At(1234, "", long.MaxValue));
        Assert.Equal([1, 4, 0, 5, 2, 9, 6, 3, 7, 8], CounterRandom.Permutation(10, 1, "examples", 0));
    }

    [Fact]
    public void Seed_purpose_and_position_each_make_another_number()
    {
        string[] purposes = ["examples", "batches", "dropout", "dropout ", "tuoropd", ""];
        var numbers =
            from seed in Enumerable.Range(-20, 41)
            from purpose in purposes
            from position in Enumerable.Range(0, 50)
            select CounterRandom.At(seed, purpose, position);
        Assert.Equal(41 * purposes.Length * 50, numbers.Distinct().Count());
    }

    [Fact]
    public void A_permutation_contains_every_number_once() =>
        Gen.Select(Gen.Int[0, 300], Gen.Long, Gen.Long)
            .Sample(
                (count, seed, position) =>
                    CounterRandom
                        .Permutation(count, seed, "order", position)
                        .Order()
                        .SequenceEqual(Enumerable.Range(0, count))
            );

    /// <summary>
    /// Chi-square over the 24 orders of four things; 23 degrees of freedom exceed 49.7 once in a thousand.
    /// </summary>
    [Fact]
    public void All_orders_are_equally_frequent()
    {
        const int Draws = 24_000;
        var counts = Enumerable
            .Range(0, Draws)
            .GroupBy(position => string.Concat(CounterRandom.Permutation(4, 7, "order", position)))
            .Select(order => order.Count())
            .ToList();
        Assert.Equal(24, counts.Count);
        Assert.InRange(counts.Sum(count => Math.Pow(count - (Draws / 24.0), 2) / (Draws / 24.0)), 5, 49.7);
    }

    [Fact]
    public void Every_bit_is_set_half_of_the_time()
    {
        const int Draws = 10_000;
        var numbers = Enumerable.Range(0, Draws).Select(position => CounterRandom.At(3, "bits", position)).ToList();
        for (var bit = 0; bit < 64; bit++)
        {
            // Five sigma.
            Assert.InRange(numbers.Count(number => (number >> bit & 1) == 1), (Draws / 2) - 250, (Draws / 2) + 250);
        }
    }
}
