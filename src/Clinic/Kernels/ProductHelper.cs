using System.Diagnostics;

namespace TransformerClinic.Kernels;

/// <summary>
/// A thread that takes part in the products that others offer. It watches for the next one for a moment, for within a
/// sentence it comes at once, and then sleeps.
/// </summary>
/// <param name="number">Its number, from 0.</param>
/// <param name="offered">The product that is offered now; null while there is none.</param>
internal sealed class ProductHelper(int number, Func<SharedProduct?> offered) : IDisposable
{
    private static readonly long Moment = Stopwatch.Frequency / 5000;

    private readonly SemaphoreSlim _wake = new(0);
    private Thread? _thread;
    private int _asleep;
    private bool _ended;

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        _thread = new Thread(Help) { IsBackground = true, Name = $"product helper {number}" };
        _thread.Start();
    }

    /// <summary>
    /// Wakes it if it says that it sleeps. If it says so only after a product was offered, it sees the product itself.
    /// </summary>
    public void Wake()
    {
        if (Volatile.Read(ref _asleep) == 1 && Interlocked.Exchange(ref _asleep, 0) == 1)
        {
            _wake.Release();
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _ended, true);
        Interlocked.MemoryBarrier();
        Wake();
        _thread?.Join();
        _wake.Dispose();
    }

    private void Help()
    {
        SharedProduct? last = null;
        while (Next(last) is { } product)
        {
            product.Compute();
            last = product;
        }
    }

    /// <summary>Waits for the next product that it may take part in; null once it is to end.</summary>
    private SharedProduct? Next(SharedProduct? last)
    {
        var until = Stopwatch.GetTimestamp() + Moment;
        while (!Volatile.Read(ref _ended))
        {
            if (Open(last) is { } product)
            {
                return product;
            }

            if (Stopwatch.GetTimestamp() < until)
            {
                Thread.SpinWait(10);
                continue;
            }

            Interlocked.Exchange(ref _asleep, 1);
            if (Volatile.Read(ref _ended) || Open(last) is not null)
            {
                Wake();
            }

            _wake.Wait();
            until = Stopwatch.GetTimestamp() + Moment;
        }

        return null;
    }

    private SharedProduct? Open(SharedProduct? last) =>
        offered() is { } product && product != last && number < product.Helpers ? product : null;
}
