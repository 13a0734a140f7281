namespace TransformerClinic.Tests.Shared;

/// <summary>Collections on another thread, one after the other, while something is done.</summary>
internal static class GarbageCollections
{
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
