using TransformerClinic.Files;

namespace TransformerClinic.Tests.Files;

public class InterruptibleTests
{
    [Fact]
    public void A_call_gives_its_result()
    {
        using var stop = new CancellationTokenSource();

        Assert.Equal(7, Interruptible.Run(() => 7, stop.Token));
        Assert.Equal(7, Interruptible.Run(() => 7, CancellationToken.None));
    }

    [Fact]
    public void An_exception_in_a_call_is_rethrown_unchanged()
    {
        using var stop = new CancellationTokenSource();

        Assert.Throws<InvalidDataException>(() =>
            Interruptible.Run<int>(() => throw new InvalidDataException(), stop.Token)
        );
    }

    [Fact]
    public void A_cancellation_ends_the_wait_for_a_call_that_does_not_end()
    {
        using var stop = new CancellationTokenSource();
        using var never = new ManualResetEventSlim();
        using var waiting = new ManualResetEventSlim();

        var run = Task.Run(
            () => Interruptible.Run(() => Wait(waiting, never), stop.Token),
            TestContext.Current.CancellationToken
        );
        waiting.Wait(TestContext.Current.CancellationToken);
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => run.GetAwaiter().GetResult());
        never.Set();
    }

    [Fact]
    public void A_call_that_ends_soon_after_a_cancellation_still_gives_its_result()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Equal(7, Interruptible.Run(() => 7, stop.Token));
    }

    [Fact]
    public void What_an_abandoned_call_opens_later_is_closed()
    {
        using var stop = new CancellationTokenSource();
        using var later = new ManualResetEventSlim();
        var opened = new Opened();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() =>
            Interruptible.Run(
                () =>
                {
                    later.Wait();
                    return opened;
                },
                stop.Token
            )
        );
        later.Set();

        opened.Closed.Wait(TestContext.Current.CancellationToken);
    }

    private static bool Wait(ManualResetEventSlim waiting, ManualResetEventSlim never)
    {
        waiting.Set();
        never.Wait();
        return true;
    }

    private sealed class Opened : IDisposable
    {
        public ManualResetEventSlim Closed { get; } = new();

        public void Dispose() => Closed.Set();
    }
}
