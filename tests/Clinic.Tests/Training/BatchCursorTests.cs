using CsCheck;
using TransformerClinic.Data;
using TransformerClinic.Training;

namespace TransformerClinic.Tests.Training;

public class BatchCursorTests
{
    private const long Seed = 5;
    private static readonly TokenBatches Batches = new(HelpCorpus.Prepared.Valid.Examples, 1000);
    private static readonly int BatchesOfFirstEpoch = Batches.Epoch(Seed, 0).Count;

    [Fact]
    public void Epochs_follow_one_another_whole_and_in_their_order()
    {
        var cursor = new BatchCursor(Batches, Seed);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            foreach (var expected in Batches.Epoch(Seed, epoch))
            {
                Assert.Equal(expected, cursor.Next().Examples);
                Assert.Equal(epoch, cursor.Epoch);
            }

            Assert.Equal(HelpCorpus.Prepared.Valid.Examples.Count, cursor.ExamplesSeen);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    public void Batches_that_are_made_ahead_are_the_same(int first, int end)
    {
        var (plain, ahead) = (new BatchCursor(Batches, Seed), new BatchCursor(Batches, Seed));
        ahead.Prepare((first, end));
        for (var i = 0; i < BatchesOfFirstEpoch + 5; i++)
        {
            var (expected, found) = (plain.Next(), ahead.Next());
            Assert.Equal(expected.Examples, found.Examples);
            Assert.Equal(expected.Source, found.Source);
            ahead.Prepare((first, end));
            Assert.Equal((plain.Epoch, plain.ExamplesSeen), (ahead.Epoch, ahead.ExamplesSeen));
            if (i == 3)
            {
                plain.Seek(0, 0);
                ahead.Seek(0, 0);
            }
        }
    }

    [Fact]
    public void From_any_place_another_cursor_continues_as_the_first_would_have()
    {
        Gen.Int[0, 3 * BatchesOfFirstEpoch]
            .Sample(
                steps =>
                {
                    var cursor = new BatchCursor(Batches, Seed);
                    for (var i = 0; i < steps; i++)
                    {
                        cursor.Next();
                    }

                    var resumed = new BatchCursor(Batches, Seed);
                    resumed.Seek(cursor.Epoch, cursor.ExamplesSeen);
                    for (var i = 0; i < 5; i++)
                    {
                        Assert.Equal(cursor.Next().Examples, resumed.Next().Examples);
                        Assert.Equal((cursor.Epoch, cursor.ExamplesSeen), (resumed.Epoch, resumed.ExamplesSeen));
                    }
                },
                iter: 20
            );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public void A_place_where_no_batch_begins_is_refused(int examplesSeen) =>
        Assert.Throws<ArgumentException>(() => new BatchCursor(Batches, Seed).Seek(0, examplesSeen));
}
