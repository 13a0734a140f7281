using TransformerClinic.Common;

namespace TransformerClinic.Tests.Common;

public sealed class OrderedBlocksTests
{
    private static CancellationToken Never => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1001)]
    public void Results_are_in_the_order_of_the_items(int count) =>
        Assert.Equal(
            Enumerable.Range(0, count),
            OrderedBlocks.Map(Enumerable.Range(0, count), 10, block => block, Never).SelectMany(block => block)
        );

    [Fact]
    public void Few_blocks_are_read_ahead_of_the_results()
    {
        var read = 0;
        var seen = OrderedBlocks.Map(Endless(), 10, block => block[0], Never).Take(3).ToList();
        Assert.Equal([0, 10, 20], seen);
        Assert.InRange(read, 30, 10 * (3 + (2 * Environment.ProcessorCount)));

        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return read++;
            }
        }
    }

    [Fact]
    public void An_exception_of_the_items_or_of_the_work_reaches_the_caller()
    {
        Assert.Throws<UserErrorException>(() => OrderedBlocks.Map(Failing(), 1, block => block, Never).Count());
        Assert.Throws<UserErrorException>(() => OrderedBlocks.Map([1, 2, 3], 1, Fail, Never).Count());

        static IEnumerable<int> Failing()
        {
            yield return 1;
            throw new UserErrorException("no more");
        }

        static int Fail(IReadOnlyList<int> block) => throw new UserErrorException("no result");
    }

    [Fact]
    public void It_can_be_canceled() =>
        Assert.Throws<OperationCanceledException>(() =>
            OrderedBlocks.Map([1], 1, block => block, new CancellationToken(canceled: true)).Count()
        );
}
