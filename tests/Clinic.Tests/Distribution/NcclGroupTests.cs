using System.Runtime.InteropServices;
using TransformerClinic.Distribution;
using TransformerClinic.Tests.TestSupport;

namespace TransformerClinic.Tests.Distribution;

public class NcclGroupTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Stretches_go_where_they_are_meant_to(int processes)
    {
        ThreadGroup.Run(
            processes,
            threads =>
            {
                using var group = NcclGroup.Enter(threads, new FakeNccl(threads), Patience);

                // Rank r sends p - r floats to rank p, and nothing where that is negative.
                int[] outgoing = [.. Enumerable.Range(0, processes).Select(to => Math.Max(0, to - group.Rank))];
                int[] incoming = [.. Enumerable.Range(0, processes).Select(from => Math.Max(0, group.Rank - from))];
                float[] sent =
                [
                    .. outgoing.SelectMany((count, to) => Enumerable.Repeat((float)((10 * group.Rank) + to), count)),
                ];
                var received = new float[incoming.Sum()];
                Pinned(sent, received, (from, to) => group.AllToAll(from, outgoing, to, incoming));
                Assert.Equal(
                    incoming.SelectMany((count, from) => Enumerable.Repeat((float)((10 * from) + group.Rank), count)),
                    received
                );
                Assert.Equal(sizeof(float) * outgoing.Sum(), group.BytesSent);
                return 0;
            }
        );
    }

    [Fact]
    public void Each_gets_what_the_others_have_and_all_what_the_first_has()
    {
        ThreadGroup.Run(
            3,
            threads =>
            {
                using var group = NcclGroup.Enter(threads, new FakeNccl(threads), Patience);
                int[] lengths = [2, 0, 3];
                var all = new float[5];
                all.AsSpan(lengths[..group.Rank].Sum(), lengths[group.Rank]).Fill(group.Rank + 1);
                Pinned(all, all, (address, _) => group.GatherInPlace(address, lengths));
                Assert.Equal([1f, 1, 3, 3, 3], all);

                float[] weights = group.IsFirst ? [4, 5] : [0, 0];
                Pinned(weights, weights, (address, _) => group.BroadcastFloats(address, 2));
                Assert.Equal([4f, 5], weights);

                // Numbers of the processor take the way of the processes.
                Assert.Equal([0, 1, 2], group.Gather<int>([group.Rank]));
                byte[] bytes = [(byte)group.Rank];
                group.Broadcast(bytes, from: 2);
                Assert.Equal([2], bytes);
                return 0;
            }
        );
    }

    [Fact]
    public void It_says_what_it_moves_bytes_with_and_leaves_NCCL_but_not_the_processes()
    {
        ThreadGroup.Run(
            2,
            threads =>
            {
                var nccl = new FakeNccl(threads);
                using (var group = NcclGroup.Enter(threads, nccl, Patience))
                {
                    Assert.Equal("threads, NCCL of threads", group.Engine);
                    Assert.Equal(threads.Hosts, group.Hosts);
                    Assert.Equal((threads.Rank, 2), (group.Rank, group.Count));
                    group.Meet("update 1");
                    group.WaitForAll();
                    Assert.False(nccl.IsLeft);
                }

                Assert.True(nccl.IsLeft);
                threads.Meet("the end");
                return 0;
            }
        );
    }

    [Fact]
    public void What_NCCL_cannot_do_ends_all_in_its_words()
    {
        var failure = Assert.Throws<ProcessGroupException>(() =>
            ThreadGroup.Run(
                3,
                threads =>
                {
                    var nccl = new FakeNccl(threads)
                    {
                        Failure = threads.Rank == 1 ? "NCCL cannot enter: Duplicate GPU detected" : null,
                    };
                    try
                    {
                        return NcclGroup.Enter(threads, nccl, Patience);
                    }
                    finally
                    {
                        Assert.True(nccl.IsLeft);
                    }
                }
            )
        );
        Assert.Contains(
            failure.Message,
            (string[])["NCCL cannot enter: Duplicate GPU detected", "A thread of the group has failed."]
        );
    }

    [Fact]
    public void A_device_that_does_not_get_done_is_not_waited_for_forever()
    {
        var failure = Assert.Throws<ProcessGroupException>(() =>
            ThreadGroup.Run(
                2,
                threads =>
                {
                    using var group = NcclGroup.Enter(
                        threads,
                        new FakeNccl(threads) { Hangs = true },
                        TimeSpan.FromMilliseconds(200)
                    );
                    group.Meet("update 812");
                    float[] weights = [1];
                    Pinned(weights, weights, (address, _) => group.GatherInPlace(address, [1, 0]));
                    return 0;
                }
            )
        );
        Assert.StartsWith(
            "the exchange of weights at update 812 has not ended within 0.2 seconds (distributed.patience), although",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    private static void Pinned(float[] from, float[] to, Action<nint, nint> work)
    {
        var (first, second) = (GCHandle.Alloc(from, GCHandleType.Pinned), GCHandle.Alloc(to, GCHandleType.Pinned));
        try
        {
            work(first.AddrOfPinnedObject(), second.AddrOfPinnedObject());
        }
        finally
        {
            first.Free();
            second.Free();
        }
    }
}
