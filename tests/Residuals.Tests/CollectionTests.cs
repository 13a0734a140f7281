using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

public class CollectionTests
{
    private const int Calls = 20_000;

    /// <summary>
    /// TorchSharp does not keep the scalar of an expression alive during the call: with a collection on another thread, a
    /// training step failed once in minutes ("Exception raised from toFloat") until scalars were held.
    /// </summary>
    [Fact]
    public void Collections_on_another_thread_do_not_disturb_a_connection()
    {
        using var residual = new AdminResidual(4);
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
            using var noGradient = no_grad();
            using var x = ones(2, 4);
            for (var i = 0; i < Calls; i++)
            {
                using var output = residual.Combine(x, x);
            }
        }
        finally
        {
            Volatile.Write(ref done, true);
            collector.Join();
        }
    }
}
