using CsCheck;
using TransformerClinic.Common;
using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public sealed class ReadAheadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Chunks_contain_all_items_in_order() =>
        Gen.Select(Gen.Int.Array[0, 50], Gen.Int[1, 12])
            .Sample(
                (items, most) =>
                {
                    var chunks = ReadAhead.Chunks(items, most, Cancellation).ToList();
                    Assert.Equal(items, chunks.SelectMany(chunk => chunk));
                    Assert.All(chunks, chunk => Assert.InRange(chunk.Count, 1, most));
                },
                iter: 50,
                threads: 1
            );

    [Fact]
    public void An_endless_input_is_read_only_a_little_ahead()
    {
        var read = 0;
        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return Interlocked.Increment(ref read);
            }
        }

        foreach (var chunk in ReadAhead.Chunks(Endless(), 10, Cancellation).Take(20))
        {
            // The items returned so far, a waiting chunk, and one item that the reader holds.
            Assert.InRange(Volatile.Read(ref read), chunk[^1], chunk[^1] + 11);
        }
    }

    [Fact]
    public void An_exception_while_reading_comes_after_the_items_before_it()
    {
        IEnumerable<int> Broken()
        {
            yield return 1;
            yield return 2;
            throw new UserErrorException("line 3 is broken");
        }

        var taken = new List<int>();
        var exception = Assert.Throws<UserErrorException>(() =>
        {
            foreach (var chunk in ReadAhead.Chunks(Broken(), 1, Cancellation))
            {
                taken.AddRange(chunk);
            }
        });

        Assert.Equal("line 3 is broken", exception.Message);
        Assert.Equal([1, 2], taken);
    }

    [Fact]
    public void An_item_is_available_before_the_next_is_read()
    {
        using var next = new SemaphoreSlim(0);
        IEnumerable<int> Slow()
        {
            yield return 1;
            next.Wait(Cancellation);
            yield return 2;
        }

        var taken = new List<int>();
        foreach (var chunk in ReadAhead.Chunks(Slow(), 100, Cancellation))
        {
            taken.AddRange(chunk);
            next.Release();
        }

        Assert.Equal([1, 2], taken);
    }

    [Fact]
    public void A_canceled_wait_ends()
    {
        using var stop = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        IEnumerable<int> Silent()
        {
            yield return 1;
            never.Wait(TestContext.Current.CancellationToken);
        }

        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var chunk in ReadAhead.Chunks(Silent(), 1, stop.Token))
            {
                Assert.Equal([1], chunk);
                stop.Cancel();
            }
        });
        never.Set();
    }
}
