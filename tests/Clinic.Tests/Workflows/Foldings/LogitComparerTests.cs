using TransformerClinic.Data;
using TransformerClinic.Workflows.Foldings;

namespace TransformerClinic.Tests.Workflows.Foldings;

public class LogitComparerTests
{
    private static readonly ParallelExample[] Examples =
    [
        .. Enumerable.Range(1, 300).Select(length => new ParallelExample(new int[length], new int[length])),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Batches_are_chosen_from_all_lengths_and_none_twice(int count)
    {
        var chosen = LogitComparer.Choose(Examples, count).Select(batch => batch.SourceLength).ToList();

        Assert.Equal(count, chosen.Distinct().Count());
        Assert.Equal(chosen.Order(), chosen);
        if (count == 8)
        {
            Assert.True(chosen[0] < 150 && chosen[^1] > 270, string.Join(' ', chosen));
        }
    }

    [Fact]
    public void Where_more_are_asked_for_than_there_are_all_are_taken() =>
        Assert.Equal(
            Enumerable.Range(0, 300),
            LogitComparer.Choose(Examples, 1000).SelectMany(batch => batch.Examples).Order()
        );
}
