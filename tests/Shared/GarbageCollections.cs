namespace TransformerClinic.Tests.Shared;

/// <summary>Collections that a test asks for.</summary>
internal static class GarbageCollections
{
    /// <summary>What earlier tests have left is gone afterwards, and what only that held.</summary>
    public static void OfAll()
    {
        for (var round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        GC.Collect();
    }

    /// <summary>On another thread, one after the other, while something is done.</summary>
    public static void During(Action action)
    {
        var done = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            action();
        }
        finally
        {
            Volatile.Write(ref done, true);
            collector.Join();
        }
    }
}
