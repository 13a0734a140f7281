using TransformerClinic.Data;

namespace TransformerClinic.Tests.Data;

/// <summary>What guessing costs, in closed form.</summary>
public class UnigramNllTests
{
    private const int End = 0;

    /// <summary>
    /// Of six target tokens two are ends, three the word 1 and one the word 2; a vocabulary of three adds one to each.
    /// </summary>
    private static readonly ParallelExample[] Pairs = [new([1, End], [1, 1, End]), new([1, End], [1, 2, End])];

    [Fact]
    public void A_model_that_knows_frequencies_also_pays_for_end_marks() =>
        Assert.Equal(
            ((2 * -Math.Log(3.0 / 9)) + (3 * -Math.Log(4.0 / 9)) - Math.Log(2.0 / 9)) / 6,
            UnigramNll.Of(Pairs, Pairs, 3),
            1e-12
        );

    [Fact]
    public void A_model_that_also_knows_where_targets_end_pays_only_for_their_words() =>
        Assert.Equal(
            ((3 * -Math.Log(4.0 / 7)) - Math.Log(2.0 / 7)) / 6,
            UnigramNll.OfKnownLengths(Pairs, Pairs, 3),
            1e-12
        );
}
