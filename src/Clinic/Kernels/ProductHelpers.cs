using System.Diagnostics;

namespace TransformerClinic.Kernels;

/// <summary>
/// Lets those who translate share large products with threads that have nothing else to do, while there is less to
/// translate than there are threads: one sentence is then translated by several, with the same bits.
/// </summary>
/// <remarks>
/// Whether a thread is free is asked anew for each product, so helpers leave as soon as there is a sentence for
/// everyone. A helper whose processor is taken by another program makes a product wait for it; after that nothing is
/// shared for a hundred times as long.
/// </remarks>
/// <param name="threads">How many threads may compute at a time, translating or helping.</param>
internal sealed unsafe class ProductHelpers(int threads) : IDisposable
{
    /// <summary>The fewest weights of a product that is shared: a smaller one is done before a helper sees it.</summary>
    public const long FewestWeights = 1 << 17;

    private const int MostHelpers = 3; // more have not been measured
    private static readonly long LongWait = Stopwatch.Frequency / 2000;

    [ThreadStatic]
    private static ProductHelpers? _ofThisThread;

    private readonly Lock _lock = new();
    private ProductHelper[] _helpers = [];
    private SharedProduct? _product;
    private long _pause;
    private int _busy;

    /// <summary>Those of the translation on this thread; null where there are none.</summary>
    public static ProductHelpers? OfThisThread => _ofThisThread;

    /// <summary>Translates on this thread, with help while threads are free.</summary>
    public T While<T>(Func<T> translates)
    {
        if (_ofThisThread == this)
        {
            return translates(); // in the middle of another translation
        }

        var before = _ofThisThread;
        _ofThisThread = this;
        Interlocked.Increment(ref _busy);
        try
        {
            return translates();
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
            _ofThisThread = before;
        }
    }

    /// <summary>Computes a product together with threads that are free.</summary>
    /// <param name="matrix">The weights.</param>
    /// <param name="input">What the matrix reads its rows from.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="y">Where outputs go.</param>
    /// <returns>Whether it did; it does not where none is free or all help with another product.</returns>
    public bool Share(PackedMatrix matrix, void* input, int rows, float* y)
    {
        var free = Math.Min(MostHelpers, threads - Volatile.Read(ref _busy));
        if (free <= 0 || Stopwatch.GetTimestamp() < Volatile.Read(ref _pause))
        {
            return false;
        }

        var product = new SharedProduct(matrix, input, rows, y, free);
        if (Interlocked.CompareExchange(ref _product, product, null) is not null)
        {
            return false;
        }

        foreach (var helper in Helpers().AsSpan(0, free))
        {
            helper.Wake();
        }

        product.Compute();
        Await(product);
        Volatile.Write(ref _product, null);
        return true;
    }

    /// <summary>Ends the helpers. Nobody may be translating.</summary>
    public void Dispose() => Array.ForEach(_helpers, helper => helper.Dispose());

    private void Await(SharedProduct product)
    {
        var began = Stopwatch.GetTimestamp();
        product.Wait();
        var now = Stopwatch.GetTimestamp();
        if (now - began > LongWait)
        {
            Volatile.Write(ref _pause, now + (100 * (now - began)));
        }
    }

    private ProductHelper[] Helpers()
    {
        if (Volatile.Read(ref _helpers) is { Length: > 0 } helpers)
        {
            return helpers;
        }

        lock (_lock)
        {
            if (_helpers.Length == 0)
            {
                helpers =
                [
                    .. Enumerable
                        .Range(0, Math.Min(MostHelpers, threads - 1))
                        .Select(number => new ProductHelper(number, () => Volatile.Read(ref _product))),
                ];
                Array.ForEach(helpers, helper => helper.Start());
                Volatile.Write(ref _helpers, helpers);
            }

            return _helpers;
        }
    }
}
